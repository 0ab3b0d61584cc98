using System.Buffers;
using System.Net.WebSockets;
using FlowKit.Wire;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>The subprotocol <c>bytes</c>: requests and replies are DataRequestProto, one zero byte ends the requests.</summary>
internal sealed class BytesSocketCodec : ISocketCodec
{
    public string Name => "bytes";

    public WebSocketMessageType Type => WebSocketMessageType.Binary;

    /// <summary>The request keeps slices of its message, and the reader uses its buffer again, so the message is copied once.</summary>
    public DataRequest? Read(ReadOnlySpan<byte> message)
    {
        try
        {
            return message is [0] ? null : DataRequestCodec.Read(message.ToArray());
        }
        catch (FlowKitException exception)
        {
            throw new SocketRefusal(WebSocketCloseStatus.InvalidPayloadData, exception.Message);
        }
    }

    public void Write(IBufferWriter<byte> output, DataRequest reply) => DataRequestCodec.Write(reply, output);

    public void WriteStatus(IBufferWriter<byte> output, FlowError? error)
    {
        if (error is not null)
        {
            StatusCodec.Write(WireStatus.Of(error), output);
        }
    }
}
