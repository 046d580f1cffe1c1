# costbot in a container: one process without root, its data on a volume. docs/operations.md says how to run it.
FROM python:3.11.13-slim-bookworm AS libraries
COPY requirements.txt requirements-build.txt /locks/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r /locks/requirements-build.txt -r /locks/requirements.txt

FROM python:3.11.13-slim-bookworm
RUN useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin costbot \
    && install --directory --owner=costbot --group=costbot --mode=0700 /var/lib/costbot
COPY --from=libraries /opt/venv /opt/venv
COPY manifest.yml LICENSE THIRD_PARTY_NOTICES.md /app/
COPY analysis /app/analysis
COPY bot /app/bot
# Python's bytecode is written now: the user that runs it may not write here.
RUN /opt/venv/bin/python -m compileall -q /app/analysis /app/bot
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    COSTBOT_DATA_DIR=/var/lib/costbot \
    COSTBOT_LOG_FORMAT=json \
    PORT=8080
USER costbot
WORKDIR /var/lib/costbot
VOLUME /var/lib/costbot
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
