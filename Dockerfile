# A deployer pins the digest: docker build --build-arg PYTHON=python:3.11-slim@sha256:... .
ARG PYTHON=python:3.11-slim

FROM ${PYTHON} AS build
# The environment has no pip of its own: what runs cannot install anything.
RUN python -m venv --without-pip /app
WORKDIR /src
COPY requirements.txt .
# Wheels only: building a source package would fetch builders that no hash covers.
RUN pip --python /app/bin/python install --no-cache-dir --require-hashes --no-deps --only-binary :all: --requirement requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY rules rules
COPY service service
COPY seeds seeds
RUN pip --python /app/bin/python install --no-cache-dir --no-deps --no-index --no-build-isolation .

FROM ${PYTHON}
# /data holds the SQLite file of a container that is given no MUSCLE_BALANCE_DATABASE_URL; all else may be read-only.
RUN useradd --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin muscle-balance
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    XDG_DATA_HOME=/data
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
ENTRYPOINT ["muscle-balance"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
