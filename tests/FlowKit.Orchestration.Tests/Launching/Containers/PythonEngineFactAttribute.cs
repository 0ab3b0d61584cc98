namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>A test that needs a container engine and Debian's Python with grpcio, of which an image is made; skipped where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonEngineFactAttribute : FactAttribute
{
    public PythonEngineFactAttribute() => Skip = EngineFixture.WhyMissing ?? (File.Exists("/usr/lib/python3/dist-packages/grpc/__init__.py")
        ? null
        : "needs Debian's python3-grpcio, python3-protobuf and protobuf-compiler");
}
