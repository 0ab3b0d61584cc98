namespace FlowKit.Wire.Grpc;

/// <summary>A method as client and server know it.</summary>
/// <typeparam name="TRequest">What is sent.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
/// <param name="Service">The service with its package, such as <c>jina.JinaRPC</c>.</param>
/// <param name="Name">The method, such as <c>Call</c>.</param>
/// <param name="Request">Reads and writes requests.</param>
/// <param name="Response">Reads and writes responses.</param>
public sealed record GrpcMethod<TRequest, TResponse>(string Service, string Name, GrpcMarshaller<TRequest> Request, GrpcMarshaller<TResponse> Response)
{
    /// <summary>Its path, such as <c>/jina.JinaRPC/Call</c>.</summary>
    public string FullName { get; } = $"/{Service}/{Name}";
}
