namespace FlowKit.Serving.Grpc;

/// <summary>The name under which the library keeps the options and the methods of FlowKit's services; none is ever made.</summary>
internal sealed class FlowGrpcService
{
    private FlowGrpcService()
    {
    }
}
