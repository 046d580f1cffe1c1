"""files.*: the two calls around an upload."""

from __future__ import annotations

from bot.demo.slack.composing import checked_content
from bot.demo.slack.events import message_posted
from bot.demo.slack.refusal import Refusal
from bot.demo.slack.team import BOT_USER_ID
from bot.demo.slack.uploads import Upload
from bot.demo.slack.web_api import Answer, Body, method
from bot.demo.slack.workspace import Workspace


@method("files.getUploadURLExternal")
def files_get_upload_url_external(workspace: Workspace, body: Body) -> Answer:
    """An address that takes the bytes of one file."""
    length = str(body.get("length") or "0")
    upload = workspace.uploads.expect(str(body.get("filename") or ""), int(length) if length.isdigit() else 0)
    return {"upload_url": f"{workspace.base_url}/upload/{upload.id}", "file_id": upload.id}


@method("files.completeUploadExternal")
def files_complete_upload_external(workspace: Workspace, body: Body) -> Answer:
    """Finish uploads; with a channel, share them there in one message."""
    given = body.get("files")
    if not isinstance(given, list) or not given:
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: files"]})
    uploads = [_arrived(workspace, entry) for entry in given]
    if body.get("thread_ts") and not isinstance(body["thread_ts"], str):
        raise Refusal("thread_not_found")
    channel_id = body.get("channel_id") or (str(body.get("channels") or "").split(",")[0])
    channel = workspace.writable(channel_id) if channel_id else None
    for upload, entry in zip(uploads, given, strict=True):
        upload.complete = True
        upload.title = str(entry.get("title") or upload.name)
    files = [upload.as_slack(workspace.base_url) for upload in uploads]
    if channel is not None:
        comment = str(body.get("initial_comment") or "")
        checked = checked_content(workspace, {"text": comment or "file", "blocks": body.get("blocks") or []})
        content = checked | {"text": comment}
        message = workspace.messages.post(
            channel.id, BOT_USER_ID, files=files, thread_ts=body.get("thread_ts") or None, **content
        )
        message_posted(workspace, message)
    return {"files": files}


def _arrived(workspace: Workspace, entry: object) -> Upload:
    upload = workspace.uploads.find(entry.get("id")) if isinstance(entry, dict) else None
    if upload is None or upload.data is None:
        raise Refusal("file_not_found")
    return upload
