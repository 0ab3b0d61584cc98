using System.Buffers;
using System.Net.WebSockets;
using System.Text;
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
            WriteError(output, Encoding.UTF8.GetBytes(error.Message));
        }
    }

    /// <summary>StatusProto: the code 1 in field 1, the description in field 2.</summary>
    private static void WriteError(IBufferWriter<byte> output, byte[] description)
    {
        output.Write((ReadOnlySpan<byte>)[0x08, 0x01, 0x12]);
        var length = (uint)description.Length;
        for (; length >= 0x80; length >>= 7)
        {
            output.Write((ReadOnlySpan<byte>)[(byte)(length | 0x80)]);
        }

        output.Write((ReadOnlySpan<byte>)[(byte)length]);
        output.Write(description);
    }
}
