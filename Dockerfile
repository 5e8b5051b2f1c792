# The same command as everywhere else, for other runners and for cron (docs/image.md).
#
# The base is named by its tag: the action's Python, on a Debian that gets security updates under the same tag. A release
# is built from the digest that the tag has on that day: release.yml looks it up, hands it in as PYTHON, and it stands in
# the image's provenance. A new minor version is a change of this line, together with action.yml's.
ARG PYTHON=docker.io/library/python:3.13-slim-trixie

FROM ${PYTHON} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1 PIP_NO_INPUT=1
WORKDIR /build
COPY requirements.lock requirements-build.lock ./
# An index of one's own is a pip.conf that is mounted here; it gets into no layer.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    python -m venv --without-pip tools \
    && python -m venv --without-pip /opt/failure-investigator \
    && python -m pip --python tools install --quiet \
        --require-hashes --no-deps --only-binary=:all: --requirement requirements-build.lock \
    && python -m pip --python /opt/failure-investigator install --quiet \
        --require-hashes --no-deps --only-binary=:all: --requirement requirements.lock
COPY LICENSE README.md pyproject.toml ./
COPY templates templates
COPY src src
# The library is compiled, and so are the modules: whoever runs it, nothing has to be written. The compiled library knows
# its files by their time, of which a layer keeps whole seconds.
RUN tools/bin/python -m hatchling build --target wheel --directory dist \
    && python -m pip --python /opt/failure-investigator install --quiet --no-deps --no-index dist/*.whl \
    && find /opt/failure-investigator/lib -name '*.yml' -exec touch --date=1980-01-01T00:00:00Z {} + \
    && python -m compileall -q --invalidation-mode unchecked-hash /opt/failure-investigator/lib \
    && FAILURE_INVESTIGATOR_CACHE=/opt/failure-investigator/library \
        /opt/failure-investigator/bin/failure-investigator explain LICENSE \
    && chmod -R a+rX /opt/failure-investigator

FROM ${PYTHON}
LABEL org.opencontainers.image.title="failure-investigator" \
    org.opencontainers.image.description="Why GitHub Actions runs fail with 401, 403 or 429, what to do, and one living issue per cause" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.base.name="docker.io/library/python:3.13-slim-trixie"
# What installs is taken out; the user is that of GitHub's hosted runners, who owns the files that a step writes to.
RUN python -m pip uninstall --yes --quiet --root-user-action=ignore pip \
    && rm -rf "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')/ensurepip" \
    && groupadd --gid 1001 investigator \
    && useradd --uid 1001 --gid 1001 --no-create-home --home-dir /work --shell /usr/sbin/nologin investigator \
    && install --directory --owner 1001 --group 1001 /work
COPY --from=build /opt/failure-investigator /opt/failure-investigator
ENV PATH=/opt/failure-investigator/bin:$PATH \
    FAILURE_INVESTIGATOR_CACHE=/opt/failure-investigator/library \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONNOUSERSITE=1 \
    PYTHONSAFEPATH=1 \
    PYTHONUNBUFFERED=1
USER 1001:1001
WORKDIR /work
# Python answers SIGINT, and as a container's first process no other signal.
STOPSIGNAL SIGINT
ENTRYPOINT ["failure-investigator"]
CMD ["investigate"]
