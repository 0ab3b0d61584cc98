using System.Buffers;
using System.Net.WebSockets;
using FlowKit.Runtime;
using FlowKit.Wire;

namespace FlowKit.Serving.Gateway.WebSocket;

/// <summary>Reads requests from and writes replies to the messages of one subprotocol.</summary>
internal interface ISocketCodec
{
    /// <summary>Its name in <c>Sec-WebSocket-Protocol</c>.</summary>
    string Name { get; }

    /// <summary>The type of the messages that carry its replies.</summary>
    WebSocketMessageType Type { get; }

    /// <summary>Reads a message.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="share">Pays for what is made of it.</param>
    /// <returns>The request, or <see langword="null"/> for the message that ends the input.</returns>
    /// <exception cref="SocketRefusal">It is not a request, or there is no memory for it.</exception>
    DataRequest? Read(ReadOnlySpan<byte> message, MemoryShare share);

    /// <summary>Writes a reply.</summary>
    /// <param name="output">Where to; nothing else is in it.</param>
    /// <param name="reply">The reply.</param>
    /// <exception cref="FlowKitException">It holds what cannot be written.</exception>
    void Write(PooledBuffer output, DataRequest reply);

    /// <summary>Writes a status alone; an empty one when all is well.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="error">What is not well.</param>
    void WriteStatus(IBufferWriter<byte> output, FlowError? error);
}
