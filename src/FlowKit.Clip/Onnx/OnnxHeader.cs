using Google.Protobuf;

namespace FlowKit.Clip.Onnx;

/// <summary>The inputs and outputs of a graph, read without its weights: gigabytes take milliseconds.</summary>
internal sealed class OnnxHeader
{
    private const int GraphField = 7;
    private const int InitializerField = 5;
    private const int InputField = 11;
    private const int OutputField = 12;

    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _external = new(StringComparer.Ordinal);
    private readonly List<ValueProto> _inputs = [];

    private OnnxHeader()
    {
    }

    /// <summary>The inputs, without weights that old exporters list among them.</summary>
    internal IReadOnlyList<ValueProto> Inputs => [.. _inputs.Where(input => !_initializers.Contains(input.Name))];

    /// <summary>The outputs.</summary>
    internal List<ValueProto> Outputs { get; } = [];

    /// <summary>The files that hold weights beside the graph.</summary>
    internal IReadOnlyCollection<string> ExternalFiles => _external;

    /// <summary>Indicates whether the graph takes pixels.</summary>
    internal bool TakesPixels => Inputs.Any(static input => Rank(input) == 4);

    /// <summary>Indicates whether the graph takes token ids.</summary>
    internal bool TakesIds =>
        Inputs.Any(static input => Rank(input) <= 2 && input.Type?.TensorType?.ElemType is OnnxTypes.Int32 or OnnxTypes.Int64);

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="FlowKitException"><see cref="FlowErrorCode.DataLoss"/>: not an ONNX file, or a cut-off one.</exception>
    internal static OnnxHeader Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536);
            var header = new OnnxHeader();
            var found = false;
            ProtoScan.Fields(stream, stream.Length, (field, length) =>
            {
                found |= field == GraphField;
                if (field == GraphField)
                {
                    header.ReadGraph(stream, length);
                }
            });
            return found ? header : throw new InvalidDataException("it holds no graph");
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or InvalidProtocolBufferException)
        {
            throw new FlowKitException(
                FlowErrorCode.DataLoss,
                $"The model file {path} is not a whole ONNX file: {exception.Message}.",
                exception);
        }
    }

    private static int Rank(ValueProto value) => value.Type?.TensorType?.Shape?.Dim.Count ?? 0;

    private void ReadGraph(FileStream stream, long length) => ProtoScan.Fields(stream, length, (field, size) =>
    {
        switch (field)
        {
            case InitializerField:
                ReadInitializer(stream, size);
                break;
            case InputField:
                _inputs.Add(ValueProto.Parser.ParseFrom(ProtoScan.Bytes(stream, size)));
                break;
            case OutputField:
                Outputs.Add(ValueProto.Parser.ParseFrom(ProtoScan.Bytes(stream, size)));
                break;
        }
    });

    private void ReadInitializer(FileStream stream, long length) => ProtoScan.Fields(stream, length, (field, size) =>
    {
        switch (field)
        {
            case TensorProto.NameFieldNumber:
                _initializers.Add(System.Text.Encoding.UTF8.GetString(ProtoScan.Bytes(stream, size)));
                break;
            case TensorProto.ExternalDataFieldNumber:
                if (EntryProto.Parser.ParseFrom(ProtoScan.Bytes(stream, size)) is { Key: "location" } entry)
                {
                    _external.Add(entry.Value);
                }

                break;
        }
    });
}
