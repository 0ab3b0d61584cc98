using System.Buffers;
using System.Net.WebSockets;
using FlowKit.Runtime;
using FlowKit.Serving.Dispatch;
using FlowKit.Serving.Gateway.Http;
using FlowKit.Wire;
using FlowKit.Wire.Proto;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>The subprotocol <c>bytes</c>: requests and replies are DataRequestProto, one zero byte ends the requests.</summary>
internal sealed class BytesSocketCodec : ISocketCodec
{
    public string Name => "bytes";

    public WebSocketMessageType Type => WebSocketMessageType.Binary;

    /// <summary>The request keeps slices of its message, and the reader uses its buffer again, so the message is copied once.</summary>
    public DataRequest? Read(ReadOnlySpan<byte> message, MemoryShare share)
    {
        if (message is [0])
        {
            return null;
        }

        try
        {
            share.Take(RequestWeight.OfProto(message.Length), RequestBody.Contents);
            var request = DataRequestCodec.Read(message.ToArray());
            share.Take(RequestWeight.ObjectsOf(request.Documents), RequestBody.Contents);
            return request;
        }
        catch (FlowKitException exception)
        {
            throw SocketRefusal.OfInput(exception.Error);
        }
    }

    public void Write(PooledBuffer output, DataRequest reply) => DataRequestCodec.Write(reply, output);

    public void WriteStatus(IBufferWriter<byte> output, FlowError? error)
    {
        if (error is not null)
        {
            StatusCodec.Write(WireStatus.Of(error), output);
        }
    }
}
