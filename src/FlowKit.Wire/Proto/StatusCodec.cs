using System.Buffers;

namespace FlowKit.Wire.Proto;

/// <summary><c>jina.StatusProto</c>, which a dry run answers and headers and routes hold.</summary>
public static class StatusCodec
{
    private const string Name = "StatusProto";

    /// <summary>Returns the size of the message in bytes.</summary>
    /// <param name="status">The status.</param>
    public static int SizeOf(WireStatus status) => Measure(status).Size;

    /// <summary>Writes the message.</summary>
    /// <param name="status">The status.</param>
    /// <param name="output">Where to.</param>
    public static void Write(WireStatus status, IBufferWriter<byte> output) => Measure(status).Write(output);

    /// <summary>Measures the message, for a caller that sends its size first.</summary>
    /// <param name="status">The status.</param>
    public static MeasuredMessage<WireStatus> Measure(WireStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return new MeasuredMessage<WireStatus>(status, Name, WriteFields);
    }

    /// <summary>Reads the message.</summary>
    /// <param name="message">Its bytes.</param>
    /// <exception cref="FlowKitException">
    /// <see cref="FlowErrorCode.InvalidArgument"/>: it is not valid; the message names the field.
    /// </exception>
    public static WireStatus Read(ReadOnlyMemory<byte> message)
    {
        var reader = new ProtoReader(message, Name);
        return ReadFields(ref reader);
    }

    internal static WireStatus Read(ref ProtoReader reader, string? name)
    {
        var outer = reader.Enter(name);
        var status = ReadFields(ref reader);
        reader.Leave(outer);
        return status;
    }

    internal static void Write(ref ProtoWriter writer, int field, WireStatus? status)
    {
        if (status is not null)
        {
            var nested = writer.Begin(field, "status");
            WriteFields(ref writer, status);
            writer.End(nested);
        }
    }

    private static WireStatus ReadFields(ref ProtoReader reader)
    {
        var status = new WireStatus(0, "");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    status = status with { Code = reader.Int32("code") };
                    break;
                case 2:
                    status = status with { Message = reader.String("description") };
                    break;
                case 3:
                    status = status with { Exception = ReadException(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return status;
    }

    private static void WriteFields(ref ProtoWriter writer, WireStatus status)
    {
        writer.Int64(1, status.Code);
        writer.String(2, status.Message);
        if (status.Exception is { } exception)
        {
            var inner = writer.Begin(3, "exception");
            writer.String(1, exception.Name);
            WriteAll(ref writer, 2, exception.Args);
            WriteAll(ref writer, 3, exception.Stacks);
            writer.String(4, exception.Executor);
            writer.End(inner);
        }
    }

    private static WireException ReadException(ref ProtoReader reader)
    {
        var (name, executor, args, stacks) = ("", "", new List<string>(), new List<string>());
        var outer = reader.Enter("exception");
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.String("name");
                    break;
                case 2:
                    args.Add(reader.String("args"));
                    break;
                case 3:
                    stacks.Add(reader.String("stacks"));
                    break;
                case 4:
                    executor = reader.String("executor");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        reader.Leave(outer);
        return new WireException(name, args, stacks, executor);
    }

    private static void WriteAll(ref ProtoWriter writer, int field, IReadOnlyList<string> values)
    {
        foreach (var value in values)
        {
            writer.PresentString(field, value);
        }
    }
}
