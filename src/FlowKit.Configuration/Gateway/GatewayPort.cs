namespace FlowKit.Configuration.Gateway;

/// <summary>A port that a gateway listens on. Where it speaks both, the first bytes of a connection tell which, or TLS does.</summary>
/// <param name="Port">The port, 0 for any free one.</param>
/// <param name="IsHttp">Whether it speaks HTTP and WebSocket.</param>
/// <param name="IsGrpc">Whether it speaks gRPC.</param>
public sealed record GatewayPort(int Port, bool IsHttp, bool IsGrpc);
