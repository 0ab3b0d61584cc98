namespace FlowKit.Benchmarks.Jina;

/// <summary>
/// Requests per second of Jina 3.23.2 with three executors that do nothing, as they were measured on a machine of two cores, client and server
/// together, over loopback: what is compared with where no Jina runs.
/// </summary>
internal static class JinaFigures
{
    private static readonly Dictionary<(string Way, int Documents, int Callers), double> s_known = new()
    {
        [("HTTP", 1, 1)] = 204,
        [("HTTP", 1, 16)] = 294,
        [("HTTP", 100, 16)] = 25.6,
        [("gRPC unary", 1, 1)] = 231,
        [("gRPC unary", 1, 16)] = 518,
        [("gRPC unary", 100, 16)] = 116,
        [("gRPC stream", 1, 1)] = 205,
        [("gRPC stream", 1, 16)] = 530,
        [("gRPC stream", 100, 16)] = 163,
    };

    /// <summary>Returns the best figure that was measured; <see langword="null"/> where none was.</summary>
    public static double? Find(string way, int documents, int callers) =>
        s_known.TryGetValue((way, documents, callers), out var found) ? found : null;
}
