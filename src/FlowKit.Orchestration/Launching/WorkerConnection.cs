using System.Net;
using System.Runtime.CompilerServices;
using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Serving.Ipc;
using FlowKit.Serving.Remote;
using FlowKit.Wire.Proto;

namespace FlowKit.Orchestration.Launching;

/// <summary>
/// The way to one worker: asked whether it is ready, then asked every call. What fails because the worker has ended says how it ended.
/// </summary>
internal sealed class WorkerConnection : IDisposable
{
    private static readonly TimeSpan s_firstLook = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_longestLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_questionLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_endTold = TimeSpan.FromSeconds(2);

    private readonly string _executor;
    private readonly WorkerClient _client;
    private readonly Task<string> _ended;
    private readonly TimeProvider _time;

    public WorkerConnection(
        string executor,
        Uri address,
        EndPoint? endpoint,
        Task<string> ended,
        TimeProvider time,
        IpcClient? ipc = null,
        string? token = null,
        DocArrayDialect dialect = DocArrayDialect.V1)
    {
        _executor = executor;
        _client = new WorkerClient(executor, address, endpoint, ipc, token) { Dialect = dialect };
        _ended = ended;
        _time = time;
    }

    /// <summary>Waits until the worker says that it serves.</summary>
    /// <exception cref="FlowKitException">It has ended instead.</exception>
    public async Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        for (var look = s_firstLook; !await IsServingAsync(cancellationToken); look = look * 2 < s_longestLook ? look * 2 : s_longestLook)
        {
            await Task.WhenAny(_ended, Task.Delay(look, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (_ended.IsCompleted)
            {
                // What ends at once once does so again: another attempt is not made.
                throw new FlowKitException(FlowErrorCode.FailedPrecondition, await _ended);
            }
        }
    }

    /// <summary>Returns the endpoints that it answers; <see langword="null"/> when it does not tell.</summary>
    public Task<DiscoveredEndpoints?> DiscoverAsync() => _client.DiscoverSchemasAsync();

    /// <summary>The documents of a call as they come.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isOwn">Whether the worker is FlowKit's.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="FlowKitException">The executor failed, or is gone.</exception>
    public async IAsyncEnumerable<Document> StreamAsync(
        ExecutorCall call, bool isOwn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_ended.IsCompleted)
        {
            throw await GoneAsync(null);
        }

        await using var documents = _client.StreamAsync(call, isOwn, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(documents, call))
        {
            yield return documents.Current;
        }
    }

    /// <exception cref="FlowKitException">The executor failed, or is gone.</exception>
    public async ValueTask<object?> InvokeAsync(ExecutorCall call)
    {
        if (_ended.IsCompleted)
        {
            throw await GoneAsync(null);
        }

        try
        {
            return await _client.InvokeAsync(call);
        }
        catch (FlowKitException exception) when (MayBeGone(exception, call))
        {
            throw await ExplainAsync(exception);
        }
    }

    /// <summary>Reads what the worker measures itself; <see langword="null"/> where it tells nothing, or has ended.</summary>
    /// <param name="accepted">The forms that are wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<string?> ReadMetricsAsync(string accepted, CancellationToken cancellationToken) =>
        _ended.IsCompleted ? Task.FromResult<string?>(null) : _client.ReadMetricsAsync(accepted, cancellationToken);

    public void Dispose() => _client.Dispose();

    private static bool MayBeGone(FlowKitException exception, ExecutorCall call) =>
        exception.Error.Code == FlowErrorCode.Unavailable && !call.CancellationToken.IsCancellationRequested;

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<Document> documents, ExecutorCall call)
    {
        try
        {
            return await documents.MoveNextAsync();
        }
        catch (FlowKitException exception) when (MayBeGone(exception, call))
        {
            throw await ExplainAsync(exception);
        }
    }

    private async Task<FlowKitException> ExplainAsync(FlowKitException exception)
    {
        await Task.WhenAny(_ended, Task.Delay(s_endTold, _time)).ConfigureAwait(false);
        return _ended.IsCompleted ? await GoneAsync(exception) : exception;
    }

    private async Task<bool> IsServingAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_questionLimit);
        try
        {
            return await _client.IsServingAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The lines of its log are for the flow's log, not for whoever asked.</summary>
    private async Task<FlowKitException> GoneAsync(Exception? exception)
    {
        var why = WorkerLines.CutFrom(await _ended);
        return new FlowKitException(
            new FlowError(
                FlowErrorCode.Unavailable,
                $"'{_executor}' was lost with this request: {why}")
            { Executor = _executor, RetryAfter = TimeSpan.FromSeconds(1) },
            exception);
    }
}
