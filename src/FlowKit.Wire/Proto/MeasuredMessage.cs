using System.Buffers;

namespace FlowKit.Wire.Proto;

/// <summary>A message that has been measured once, so that its size can be sent before its bytes. It must not change in between.</summary>
/// <typeparam name="T">What the message is in FlowKit.</typeparam>
public sealed class MeasuredMessage<T>
{
    private readonly T _message;
    private readonly string _name;
    private readonly ProtoBody<T> _body;
    private readonly SizeList _sizes = new();

    internal MeasuredMessage(T message, string name, ProtoBody<T> body)
    {
        (_message, _name, _body) = (message, name, body);
        var writer = new ProtoWriter(_sizes, name);
        body(ref writer, message);
        Size = writer.Total <= int.MaxValue
            ? (int)writer.Total
            : throw new FlowKitException(
                FlowErrorCode.PayloadTooLarge, $"{name} would take {writer.Total} bytes; a protobuf message holds at most {int.MaxValue}.");
    }

    /// <summary>The number of bytes that <see cref="Write"/> writes.</summary>
    public int Size { get; }

    /// <summary>Writes the message.</summary>
    /// <param name="output">Where to; arrays and blobs are copied into it once.</param>
    /// <exception cref="InvalidOperationException">The message was changed since; what was written is of no use.</exception>
    public void Write(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var writer = new ProtoWriter(_sizes, _name, output);
        _body(ref writer, _message);
        writer.Flush();
        if (writer.Total != Size)
        {
            throw SizeList.Changed();
        }
    }
}
