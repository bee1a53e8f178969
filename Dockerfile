# The builder makes the wheel; nothing of its tools reaches the image that runs.
FROM python:3.11-slim AS builder

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore

WORKDIR /src
COPY requirements-build.lock ./
RUN pip install --require-hashes -r requirements-build.lock

COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
COPY storage ./storage
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .


FROM python:3.11-slim

# A fixed number, so that the owner of a volume's files stays the same over every upgrade.
RUN groupadd --gid 10001 bot \
    && useradd --uid 10001 --gid bot --no-create-home --home-dir /data --shell /usr/sbin/nologin bot \
    && install --directory --owner=bot --group=bot --mode=0700 /data

COPY requirements.lock /tmp/build/
COPY --from=builder /wheels /tmp/build/wheels
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --require-hashes -r /tmp/build/requirements.lock \
    && pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --no-deps /tmp/build/wheels/*.whl \
    && rm -r /tmp/build

# PYTHONSAFEPATH keeps the data folder, which is the working directory, out of the import path.
ENV DATA_DIR=/data \
    LOG_FORMAT=json \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1

USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
STOPSIGNAL SIGTERM
# One Python process every 30 seconds; it reads a file, and asks no server.
HEALTHCHECK --interval=30s --timeout=20s --start-period=2m --retries=3 \
    CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
