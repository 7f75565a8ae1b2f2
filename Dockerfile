# Build, test, run. The runtime is laid out where the tests passed, so there is no image of what fails them. It holds the
# stripped binary, its libraries and CA certificates: no shell, no package manager, no root.
FROM docker.io/library/debian:bookworm AS build
WORKDIR /src
# As most machines have it: ccache knows the same compilation again only under the same language.
ENV LANG=C.UTF-8 CCACHE_DIR=/ccache
COPY deploy/packages deploy/install-packages deploy/
RUN deploy/install-packages build
COPY . .
RUN --mount=type=cache,id=ringi-ccache,target=/ccache \
    deploy/build release ringi && strip -o /ringi build/release/bin/ringi

FROM build AS test
RUN deploy/install-packages unit
RUN --mount=type=cache,id=ringi-ccache,target=/ccache tests/run unit
RUN deploy/rootfs /ringi /rootfs

FROM scratch AS runtime
COPY --from=test /rootfs /
RUN ["/usr/local/bin/ringi", "--version"]
USER 10001:10001
WORKDIR /var/lib/ringi
EXPOSE 8443
ENV RINGI_CONFIG=/etc/ringi/ringi.toml
ENTRYPOINT ["/usr/local/bin/ringi"]
CMD ["serve"]
