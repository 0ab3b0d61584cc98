# The whole of FlowKit: every command, every executor, no SDK.
#   docker build -t flowkit:0.1.0 .
#   docker run --rm flowkit:0.1.0 --help
# Where nothing can be pulled, eng/container/base.sh makes a base image and eng/container/build.sh builds on it.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY . .
# What is built outside for this platform is taken as it is; otherwise it is built here.
RUN platform="linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" \
 && if [ ! -e "artifacts/bin/FlowKit.Cli/release/runtimes/$platform/native/libonnxruntime.so" ]; then ./flowkit --version; fi \
 && if [ ! -e artifacts/sbom/FlowKit.cdx.json ]; then eng/sbom.sh artifacts/sbom; fi \
 && mkdir -p /app \
 && cp -r artifacts/bin/FlowKit.Cli/release/. artifacts/sbom/FlowKit.cdx.json /app/ \
 && cp eng/container/probe.sh /app/probe && chmod a+x /app/probe \
 && find /app -name '*.pdb' -delete \
 && chmod -R a+rX /app

FROM ${RUNTIME_IMAGE}
COPY --from=build /app /app
RUN mkdir -m 1777 /workspace
# Nothing is written outside /workspace, so that the root file system may be read-only and any user may run it.
ENV DOTNET_EnableDiagnostics=0 \
    DOTNET_gcServer=0 \
    HOME=/workspace
LABEL flowkit.entry=flowkit
WORKDIR /workspace
USER 1654
EXPOSE 8080 51000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD ["/app/probe", "http://127.0.0.1:8080", "grpc://127.0.0.1:51000"]
ENTRYPOINT ["dotnet", "/app/flowkit.dll"]
CMD ["--help"]
