# Standby in a container, as nobody special. docs/deploy.md says how to run it.
FROM python:3.11-slim AS built
WORKDIR /build
COPY requirements requirements
RUN python -m venv /opt/standby && /opt/standby/bin/pip install --no-cache-dir -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
# With what sends traces, in the versions that are tested.
RUN /opt/standby/bin/pip install --no-cache-dir -c requirements/test.txt ".[otel]"

FROM python:3.11-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/standby standby
COPY --from=built /opt/standby /opt/standby
ENV PATH=/opt/standby/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STANDBY_DATA_DIR=/var/lib/standby \
    STANDBY_HOST=0.0.0.0 \
    STANDBY_LOG_FORMAT=json
USER 10001
VOLUME /var/lib/standby
EXPOSE 8000
# Of a worker without a web server the orchestrator knows enough: it ends when it can't work.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=2)"]
ENTRYPOINT ["standby"]
CMD ["serve"]
