using System.Net;
using FlowKit.Components;
using FlowKit.Wire.Grpc.Client;
using FlowKit.Wire.Grpc.Jina;
using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace FlowKit.Serving.Remote;

/// <summary>A replica elsewhere: a connection, the calls under way on it, and its circuit, which opens when it cannot be reached.</summary>
internal sealed class RemotePeer : IDisposable
{
    private const double FailureRatio = 0.5;
    private const int MinCalls = 4;
    private static readonly TimeSpan s_sampling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_minBreak = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxBreak = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_answersWithin = TimeSpan.FromSeconds(2);

    private readonly GrpcConnection _connection;
    private readonly ResiliencePipeline _circuit;
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly TimeProvider _time;
    private readonly long _came;
    private int _outstanding;
    private int _isRetired;

    /// <param name="address">Its address.</param>
    /// <param name="endpoint">Where its name leads; <see langword="null"/> for an address.</param>
    /// <param name="options">How it is connected to.</param>
    /// <param name="time">Time.</param>
    /// <param name="isLate">Whether others were there before it.</param>
    public RemotePeer(Uri address, IPEndPoint? endpoint, GrpcConnectionOptions options, TimeProvider time, bool isLate = false)
    {
        _time = time;
        _came = isLate ? time.GetTimestamp() : 0;
        Record = new PeerRecord(time);
        Name = endpoint is null ? address.Authority : $"{address.Authority} ({endpoint})";
        Key = (address, endpoint);
        _connection = new GrpcConnection(address, options with { Endpoint = endpoint });
        _circuit = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = FailureRatio,
                MinimumThroughput = MinCalls,
                SamplingDuration = s_sampling,
                BreakDurationGenerator = static broken => new ValueTask<TimeSpan>(
                    TimeSpan.FromTicks(Math.Min(s_maxBreak.Ticks, s_minBreak.Ticks << Math.Min(broken.HalfOpenAttempts, 5)))),
                StateProvider = _state,
                ShouldHandle = new PredicateBuilder().Handle<Exception>(RemoteErrors.IsTrouble),
            })
            .Build();
    }

    /// <summary>Its address as people write it, with the one it was found at.</summary>
    public string Name { get; }

    public (Uri Address, IPEndPoint? Endpoint) Key { get; }

    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>The record of its calls and answers.</summary>
    public PeerRecord Record { get; }

    /// <summary>Tells whether it answered when it was asked last.</summary>
    public bool IsReachable => Record.IsReachable;

    /// <summary>Tells whether it is left alone for a while.</summary>
    public bool Rests => Record.Rests;

    /// <summary>The share of the calls that it gets, from a tenth to one.</summary>
    public double Warmth => _came == 0 ? 1 : Math.Clamp(_time.GetElapsedTime(_came) / s_warmUp, 0.1, 1);

    /// <summary>The health, for people.</summary>
    public PeerHealth Health => new(Name, IsReachable, IsOpen || Rests, Outstanding, Record.LastError);

    /// <summary>Returns whether calls would fail at once.</summary>
    public bool IsOpen => _state.CircuitState is CircuitState.Open or CircuitState.Isolated;

    public void Begin() => Interlocked.Increment(ref _outstanding);

    public void End()
    {
        if (Interlocked.Decrement(ref _outstanding) == 0 && Volatile.Read(ref _isRetired) != 0)
        {
            _connection.Dispose();
        }
    }

    /// <summary>No new calls: it is no longer where its name leads. The connection is closed after the last.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isRetired, 1) == 0 && Outstanding == 0)
        {
            _connection.Dispose();
        }
    }

    /// <summary>Asks which endpoints it answers; <see langword="null"/> when it does not tell.</summary>
    public Task<DiscoveredEndpoints?> DiscoverAsync(Metadata metadata) => RemoteEndpoints.DiscoverAsync(_connection, metadata);

    /// <summary>Asks whether it serves; what does not know the question does.</summary>
    /// <returns>Why it does not; <see langword="null"/> when it does.</returns>
    public async Task<string?> AskAsync(Metadata metadata)
    {
        try
        {
            var status = await RemoteHealth.AskAsync(_connection, CallSettings.Of(metadata, s_answersWithin));
            return Record.Asked(status == ServingStatus.NotServing ? $"{Name} says that it does not serve." : null);
        }
        catch (RpcException exception)
        {
            if (RemoteErrors.IsOtherShard(exception))
            {
                return Record.Asked($"{Name}: {exception.Status.Detail}");
            }

            var isSilent = exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded;
            return Record.Asked(isSilent ? $"{Name} does not answer: {exception.Status.Detail}" : null);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // It is closed, since nobody needs it any more.
            return exception.Message;
        }
    }

    /// <summary>Begins a stream; the circuit looks at whether it can be reached.</summary>
    /// <returns>The stream, which stands on its first message when it has one.</returns>
    /// <exception cref="Exception">The call failed, or the circuit is open.</exception>
    public async ValueTask<(IAsyncEnumerator<JinaMessage> Replies, bool HasReply)> OpenAsync(
        JinaMessage message, CallOptions options, CancellationToken cancellationToken)
    {
        var method = JinaDocumentMethods.Of(message.Dialect).StreamDoc;
        var replies = _connection.StreamAsync(method, message, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            return (replies, await _circuit.ExecuteAsync(
                static (stream, _) => stream.MoveNextAsync(), replies, cancellationToken));
        }
        catch
        {
            await replies.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="Exception">The call failed, or the circuit is open.</exception>
    public ValueTask<JinaMessage> SendAsync(JinaMessage message, CallOptions options, CancellationToken cancellationToken) =>
        _circuit.ExecuteAsync(
            static async (call, token) =>
            {
                var method = JinaDocumentMethods.PassedOn(call.Message.Dialect).ProcessSingleData;
                return await call.Connection.UnaryAsync(method, call.Message, call.Options.WithCancellationToken(token));
            },
            (Connection: _connection, Message: message, Options: options),
            cancellationToken);
}
