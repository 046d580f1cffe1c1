// Images: only those this workspace serves are loaded; one from elsewhere is named instead of fetched.
import { Emojis } from "./emojis.jsx";

export function ImageBlock({ block, files = [], small = false }) {
  const url = urlOf(block, files);
  const isLocal = url !== null && new URL(url, window.location.href).origin === window.location.origin;
  const title = block.title?.text;
  if (!isLocal) {
    return (
      <p className="image image--absent">
        <span aria-hidden="true">▧</span> {block.alt_text || title || "Image"} <em>(not loaded: the page stays offline)</em>
      </p>
    );
  }
  return (
    <figure className={small ? "image image--small" : "image"}>
      {title && <figcaption><Emojis text={title} /></figcaption>}
      <img src={url} alt={block.alt_text ?? ""} />
    </figure>
  );
}

function urlOf({ image_url: imageUrl, slack_file: slackFile }, files) {
  if (imageUrl) return URL.canParse(imageUrl, window.location.href) ? imageUrl : null;
  if (slackFile?.url) return slackFile.url;
  const file = files.find((each) => each.id === slackFile?.id);
  if (file) return file.url;
  return slackFile?.id ? `/files/${encodeURIComponent(slackFile.id)}/image` : null;
}
