namespace FlowKit.Serving.Grpc;

/// <summary>A test with a foreign peer, skipped visibly where Python's gRPC is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Missing;
}
