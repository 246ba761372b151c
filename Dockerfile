# The locked libraries, by hash, and the program; nothing is compiled, so no compiler is needed.
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock .
RUN python -m venv /opt/rapport && /opt/rapport/bin/pip install --require-hashes --only-binary :all: -r requirements.lock
COPY bot /opt/rapport/program/bot
# The file system is read-only later: what Python would write on first use is written now.
RUN /opt/rapport/bin/python -m compileall -q /opt/rapport/program

FROM python:3.13-slim
# pg_dump and pg_restore, for backups.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
COPY LICENSE /opt/rapport/
COPY --from=build /opt/rapport /opt/rapport
# A named volume takes over the owner and the rights of the folder that it covers.
RUN install -d -m 700 -o 10001 -g 10001 /var/lib/rapport /var/lib/rapport-keys /var/lib/rapport-anchors
ENV PATH=/opt/rapport/bin:$PATH PYTHONPATH=/opt/rapport/program PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 RAPPORT_HOST=0.0.0.0 MPLCONFIGDIR=/tmp
WORKDIR /var/lib/rapport
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s CMD ["python", "-c", "import http.client, os, sys; ask = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('RAPPORT_PORT', 3000)), timeout=4); ask.request('GET', '/readyz'); sys.exit(ask.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
