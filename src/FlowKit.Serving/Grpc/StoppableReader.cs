using Grpc.Core;

namespace FlowKit.Serving.Grpc;

/// <summary>Reads the messages of a stream until the server stops; nothing is read from then on.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="inner">The stream.</param>
/// <param name="stopping">Ends when the server stops.</param>
internal sealed class StoppableReader<T>(IAsyncStreamReader<T> inner, CancellationToken stopping) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            return await inner.MoveNext(ending.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw GrpcErrors.Stopping();
        }
    }
}
