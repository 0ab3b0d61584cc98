using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Equality;

namespace FlowKit.Configuration.Gateway.Queue;

/// <summary>
/// The queue in front of a flow, <c>gateway.queue:</c>: requests that write are answered as soon as RabbitMQ has stored them, and go
/// through the flow when it takes them.
/// </summary>
public sealed record QueueConfig
{
    /// <summary>The most bytes of a request: RabbitMQ's own default limit of a message.</summary>
    public const int MaxRequestBytes = 128 << 20;

    /// <summary>The values of what is not written: the only place where a default stands.</summary>
    internal static readonly QueueConfig Defaults = new() { Uri = "", Name = "" };

    /// <summary>RabbitMQ's address, <c>amqp://user:password@host:5672/vhost</c> or <c>amqps://…</c>; it is never shown.</summary>
    public required string Uri { get; init; }

    /// <summary>The name of the queue, which the gateways of one flow share; dead letters lie in <see cref="DeadLetters"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The endpoints whose requests go through the queue. Default those that write.</summary>
    public IReadOnlyList<string> Endpoints { get; init => field = Equatable.Of(value); } =
        new EquatableList<string>(["/index", "/update", "/delete"]);

    /// <summary>The number of requests out of the queue that are under way at once. Default 16.</summary>
    public int Prefetch { get; init; } = 16;

    /// <summary>
    /// The number of times that a request is tried whose executor fails, before it becomes a dead letter. Default 3. What the flow has no
    /// room for, or what is not there now, is tried again for as long as it takes.
    /// </summary>
    public int Attempts { get; init; } = 3;

    /// <summary>The most requests that the queue holds; more are refused. <see langword="null"/> for as many as RabbitMQ takes.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The place where it is written.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>The name of the queue of dead letters.</summary>
    public string DeadLetters => $"{Name}.dead";

    /// <summary>Prints everything but the address, which holds a password.</summary>
    public override string ToString() => $"{nameof(QueueConfig)} {{ {nameof(Name)} = {Name} }}";
}
