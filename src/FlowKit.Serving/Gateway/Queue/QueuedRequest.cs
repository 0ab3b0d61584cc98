using System.Buffers;
using FlowKit.Configuration.Gateway.Queue;
using FlowKit.Runtime;
using FlowKit.Wire;
using FlowKit.Wire.Proto;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FlowKit.Serving.Gateway.Queue;

/// <summary>A request as it lies in the queue: Jina's message as protobuf, with its id as the message's own.</summary>
/// <param name="Id">The id of the request.</param>
/// <param name="Dialect">The form of its documents.</param>
/// <param name="Priority">Its place in line before executors.</param>
/// <param name="Body">The bytes.</param>
internal sealed record QueuedRequest(string Id, DocArrayDialect Dialect, Priority Priority, ReadOnlyMemory<byte> Body)
{
    private const string V1 = "application/x-jina-docarray-v1";
    private const string V2 = "application/x-jina-docarray-v2";

    /// <summary>Writes a request.</summary>
    /// <param name="message">The message, with its id.</param>
    /// <param name="priority">Its place in line.</param>
    /// <exception cref="FlowKitException">It is larger than RabbitMQ takes.</exception>
    public static QueuedRequest Of(DataRequest message, Priority priority)
    {
        var dialect = message.Format == UndecodedDocuments.FormatOf(DocArrayDialect.V2) ? DocArrayDialect.V2 : DocArrayDialect.V1;
        var measured = DataRequestCodec.Measure(message, dialect);
        if (measured.Size > QueueConfig.MaxRequestBytes)
        {
            throw new FlowKitException(
                FlowErrorCode.PayloadTooLarge,
                $"The request takes {measured.Size} bytes and the queue at most {QueueConfig.MaxRequestBytes}; "
                + "send fewer documents at once.");
        }

        var body = new ArrayBufferWriter<byte>(measured.Size);
        measured.Write(body);
        return new QueuedRequest(message.RequestId!, dialect, priority, body.WrittenMemory);
    }

    /// <summary>Reads what RabbitMQ delivered; its bytes are copied, since they are lent for the call alone.</summary>
    public static QueuedRequest Of(BasicDeliverEventArgs delivery)
    {
        var properties = delivery.BasicProperties;
        return new QueuedRequest(
            properties.MessageId is { Length: > 0 } id ? id : NewId.Next(),
            properties.ContentType == V2 ? DocArrayDialect.V2 : DocArrayDialect.V1,
            properties.IsPriorityPresent() && properties.Priority < 3 ? (Priority)properties.Priority : Priority.Normal,
            delivery.Body.ToArray());
    }

    /// <summary>Reads the message out of bytes of its own: what an executor does to documents must not reach the next attempt.</summary>
    /// <exception cref="FlowKitException">It is no message of Jina's.</exception>
    public DataRequest Read() => DataRequestCodec.Read(Body.ToArray(), Dialect);

    /// <summary>The properties under which RabbitMQ stores it.</summary>
    /// <param name="error">Why it is a dead letter; <see langword="null"/> for one that is to be done.</param>
    public BasicProperties Properties(FlowError? error = null)
    {
        var properties = new BasicProperties
        {
            MessageId = Id,
            ContentType = Dialect == DocArrayDialect.V2 ? V2 : V1,
            Priority = (byte)Priority,
            DeliveryMode = DeliveryModes.Persistent,
            AppId = "FlowKit",
        };
        if (error is not null)
        {
            properties.Headers = new Dictionary<string, object?>
            {
                ["x-flowkit-code"] = error.Code.ToString(),
                ["x-flowkit-error"] = error.Message,
                ["x-flowkit-executor"] = error.Executor ?? "gateway",
            };
        }

        return properties;
    }
}
