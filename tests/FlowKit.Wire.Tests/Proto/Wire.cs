using System.Buffers;
using FlowKit.Wire.Proto;
using Google.Protobuf;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>Messages as bytes, in one call.</summary>
internal static class Wire
{
    public static byte[] Bytes<T>(MeasuredMessage<T> message)
    {
        var output = new ArrayBufferWriter<byte>();
        message.Write(output);
        Assert.Equal(message.Size, output.WrittenCount);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Bytes(DataRequest request, DocArrayDialect dialect = DocArrayDialect.V1) => Bytes(DataRequestCodec.Measure(request, dialect));

    /// <summary>A request of one document.</summary>
    public static DataRequest Request(params Document[] documents) => new() { RequestId = "1", Documents = new DocumentArray(documents) };

    /// <summary>One length-delimited field.</summary>
    public static byte[] Field(int number, params byte[][] content)
    {
        var bytes = content.SelectMany(part => part).ToArray();
        return [.. Header(number, bytes.Length), .. bytes];
    }

    /// <summary>Empty messages in each other, one in every field that is named, as often as said.</summary>
    public static byte[] Nested(int times, params int[] fields)
    {
        var backwards = new List<byte>();
        for (var i = 0; i < times; i++)
        {
            foreach (var field in fields.Reverse())
            {
                backwards.AddRange(Header(field, backwards.Count).Reverse());
            }
        }

        backwards.Reverse();
        return [.. backwards];
    }

    /// <summary>What a message is refused with.</summary>
    public static string Refusal(Action read)
    {
        var exception = Assert.Throws<FlowKitException>(read);
        Assert.Equal(FlowErrorCode.InvalidArgument, exception.Error.Code);
        return exception.Message;
    }

    private static byte[] Header(int number, int length)
    {
        var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteLength(length);
        }

        return buffer.ToArray();
    }
}
