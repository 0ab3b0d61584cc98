using FlowKit.Wire;

namespace FlowKit.Serving.Remote;

/// <summary>Reads one reply of a stream.</summary>
internal static class StreamedReply
{
    /// <summary>Takes its documents.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="errorOf">Makes the error of a status.</param>
    /// <param name="executor">The executor's name, for errors.</param>
    /// <exception cref="FlowKitException">It tells of a failure.</exception>
    public static DocumentArray DocumentsOf(DataRequest reply, Func<WireStatus, string, FlowError> errorOf, string executor) =>
        reply.Status is { Code: not 0 } status ? throw new FlowKitException(errorOf(status, executor)) : reply.Documents;
}
