using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using FlowKit.Runtime;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Wire;
using FlowKit.Wire.Json;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>
/// The subprotocol <c>json</c>: a request looks like the body of <c>/post</c>, <c>{}</c> ends them; a reply is snake_case throughout.
/// </summary>
internal sealed class JsonSocketCodec : ISocketCodec
{
    public string Name => "json";

    public WebSocketMessageType Type => WebSocketMessageType.Text;

    public DataRequest? Read(ReadOnlySpan<byte> message, MemoryShare share)
    {
        try
        {
            if (IsEnd(message))
            {
                return null;
            }

            var request = RequestBody.Parse(message, share);
            request.RequestId = null;
            return request;
        }
        catch (JsonException exception)
        {
            throw new SocketRefusal(WebSocketCloseStatus.InvalidPayloadData, exception.Message);
        }
        catch (FlowKitException exception)
        {
            throw SocketRefusal.OfInput(exception.Error);
        }
    }

    public void Write(PooledBuffer output, DataRequest reply) =>
        JsonReply.Write(reply, written => DataFrameJsonWriter.Write(output, written, JsonWireOptions.Jina), output.Clear);

    public void WriteStatus(IBufferWriter<byte> output, FlowError? error)
    {
        if (error is null)
        {
            output.Write("{}"u8);
        }
        else
        {
            DataRequestJsonWriter.WriteStatus(output, WireStatus.Of(error));
        }
    }

    private static bool IsEnd(ReadOnlySpan<byte> message)
    {
        var text = message.Trim(" \t\r\n"u8);
        return text is [(byte)'{', .., (byte)'}'] && text[1..^1].Trim(" \t\r\n"u8).IsEmpty;
    }
}
