using System.Globalization;
using FlowKit.Configuration.Gateway.Queue;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>
/// A connection to RabbitMQ, from when its queues are there until it ends: a channel that stores requests, each confirmed, and one that
/// takes them out.
/// </summary>
internal sealed class QueueSession : IAsyncDisposable
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);

    private readonly QueueConfig _config;
    private readonly IConnection _connection;
    private readonly IChannel _storing;
    private readonly IChannel _taking;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ends = new();
    private string? _consumer;
    private volatile string? _blocked;

    private QueueSession(QueueConfig config, IConnection connection, IChannel storing, IChannel taking)
    {
        (_config, _connection, _storing, _taking) = (config, connection, storing, taking);
        connection.ConnectionShutdownAsync += EndAsync;
        storing.ChannelShutdownAsync += EndAsync;
        taking.ChannelShutdownAsync += EndAsync;
        connection.ConnectionBlockedAsync += (_, blocked) => Block(blocked.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => Block(null);
    }

    /// <summary>Ends with the reason when the connection or a channel has ended.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Connects, and makes the queues where they are not there.</summary>
    /// <param name="config">The queue.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="RabbitMQClientException">RabbitMQ is not there, or refuses.</exception>
    public static async Task<QueueSession> OpenAsync(QueueConfig config, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            Uri = new Uri(config.Uri),
            ClientProvidedName = $"FlowKit {config.Name}",
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = s_heartbeat,
            ContinuationTimeout = s_answer,
        };
        var connection = await factory.CreateConnectionAsync(cancellationToken);
        try
        {
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            var storing = await connection.CreateChannelAsync(options, cancellationToken);
            var taking = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            await taking.QueueDeclareAsync(
                config.DeadLetters, durable: true, exclusive: false, autoDelete: false, Arguments(), cancellationToken: cancellationToken);
            await taking.QueueDeclareAsync(
                config.Name, durable: true, exclusive: false, autoDelete: false, Arguments(config), cancellationToken: cancellationToken);
            await taking.BasicQosAsync(0, (ushort)config.Prefetch, global: false, cancellationToken);
            return new QueueSession(config, connection, storing, taking);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has requests delivered, each in its turn.</summary>
    /// <param name="receive">Takes one and returns at once.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task ConsumeAsync(Action<BasicDeliverEventArgs> receive, CancellationToken cancellationToken)
    {
        var consumer = new AsyncEventingBasicConsumer(_taking);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            receive(delivery);
            return Task.CompletedTask;
        };
        _consumer = await _taking.BasicConsumeAsync(_config.Name, autoAck: false, consumer, cancellationToken);
    }

    /// <summary>Has nothing delivered any more; what was is under way still.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task StopConsumingAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _consumer, null) is { } consumer && _taking.IsOpen)
        {
            await _taking.BasicCancelAsync(consumer, cancellationToken: cancellationToken);
        }
    }

    /// <summary>Stores a message and waits until RabbitMQ has it safe.</summary>
    /// <param name="queue">The name of the queue.</param>
    /// <param name="properties">Its properties.</param>
    /// <param name="body">Its bytes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="FlowKitException">RabbitMQ has not got it, or has not said so.</exception>
    public async Task StoreAsync(string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (_blocked is { } reason)
        {
            throw new FlowKitException(new FlowError(
                FlowErrorCode.ResourceExhausted, $"The queue takes no requests now: RabbitMQ says '{reason}'.")
            { RetryAfter = QueueErrors.RetryAfter });
        }

        // A confirmation that cannot come any more must not be waited for.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ends.Token);
        try
        {
            await _storing.BasicPublishAsync("", queue, mandatory: true, properties, body, limit.Token);
        }
        catch (PublishException exception) when (!exception.IsReturn)
        {
            throw new FlowKitException(QueueErrors.Full(_config), exception);
        }
        catch (Exception exception) when (QueueErrors.IsLost(exception, cancellationToken))
        {
            throw new FlowKitException(QueueErrors.Lost(exception), exception);
        }
    }

    /// <summary>Says that a delivery is done with.</summary>
    /// <param name="tag">The delivery.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task AcknowledgeAsync(ulong tag, CancellationToken cancellationToken)
    {
        try
        {
            await _taking.BasicAckAsync(tag, multiple: false, cancellationToken);
        }
        catch (Exception exception) when (QueueErrors.IsLost(exception, cancellationToken))
        {
            // It comes again over the next connection, where its id is known.
        }
    }

    public async ValueTask DisposeAsync()
    {
        End("it was closed here");
        await _connection.DisposeAsync();
    }

    /// <summary>A quorum queue, which survives the loss of nodes; what is refused because it is full is told to whoever stores.</summary>
    private static Dictionary<string, object?> Arguments(QueueConfig? bounded = null)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        if (bounded?.MaxLength is { } length)
        {
            arguments["x-max-length"] = length;
            arguments["x-overflow"] = "reject-publish";
        }

        return arguments;
    }

    private Task EndAsync(object sender, ShutdownEventArgs end)
    {
        End(string.Create(CultureInfo.InvariantCulture, $"{end.ReplyText} ({end.ReplyCode})"));
        return Task.CompletedTask;
    }

    private void End(string reason)
    {
        _ended.TrySetResult(reason);
        _ends.Cancel();
    }

    private Task Block(string? reason)
    {
        _blocked = reason;
        return Task.CompletedTask;
    }
}
