using FlowKit.Wire.Protos.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>
/// Random messages of Google's classes, of every field of DocArray v1. Left out is only what a document cannot tell apart:
/// an empty Struct and none, an array without content and none, an array without a <c>cls_name</c> and NumPy's.
/// </summary>
internal sealed class RandomMessages(int seed)
{
    private static readonly string[] s_texts = ["a", "é", "日本語", "\U0001f600", "tab\t\"quoted\"", new string('x', 300), "\0", "__results__"];
    private static readonly string[] s_dtypes = ["|b1", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", "<f2", "<f4", "<f8"];
    private static readonly float[] s_floats = [1.5f, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, float.MinValue];

    private readonly Random _random = new(seed);

    public DataRequestProto Request()
    {
        var request = new DataRequestProto();
        if (Maybe())
        {
            request.Header = Header();
        }

        if (Maybe())
        {
            request.Parameters = Maybe() ? Fields(3) : new Struct();
        }

        for (var i = _random.Next(3); i > 0; i--)
        {
            request.Routes.Add(Route());
        }

        if (Maybe())
        {
            request.Data = new DataRequestProto.Types.DataContentProto();
            if (Maybe())
            {
                request.Data.Docs = new DocumentArrayProto();
                request.Data.Docs.Docs.AddRange(Many(3, () => Document(3)));
            }
        }

        return request;
    }

    public DocumentProto Document(int depth)
    {
        var document = new DocumentProto { Id = Text() };
        switch (_random.Next(4))
        {
            case 0:
                document.Blob = Bytes(_random.Next(400));
                break;
            case 1:
                document.Tensor = Array();
                break;
            case 2:
                document.Text = Maybe() ? "" : Text();
                break;
        }

        if (Maybe())
        {
            AddScalars(document);
        }

        if (depth > 0 && Maybe())
        {
            document.Chunks.AddRange(Many(2, () => Document(depth - 1)));
            document.Matches.AddRange(Many(2, () => Document(depth - 1)));
        }

        if (Maybe())
        {
            document.Embedding = Array();
            document.Tags = Fields(3);
            document.Metadata = Fields(1);
        }

        foreach (var name in Many(2, Text).Distinct())
        {
            document.Scores[name] = Score();
            document.Evaluations[name] = Score();
        }

        return document;
    }

    private void AddScalars(DocumentProto document)
    {
        document.Granularity = (uint)_random.NextInt64(uint.MaxValue);
        document.Adjacency = (uint)_random.Next(3);
        (document.ParentId, document.Uri, document.Modality, document.MimeType) = (Text(), Text(), Text(), Text());
        (document.Weight, document.Offset) = (Float(), Float());
        document.Location.AddRange(Many(4, Float));
    }

    private HeaderProto Header()
    {
        var header = new HeaderProto { RequestId = Maybe() ? "" : Text() };
        if (Maybe())
        {
            header.Status = Status();
        }

        if (Maybe())
        {
            (header.ExecEndpoint, header.TargetExecutor) = (Maybe() ? "/" : Text(), Maybe() ? "" : Text());
            header.Timeout = (uint)_random.Next(2);
        }

        return header;
    }

    private RouteProto Route()
    {
        var route = new RouteProto { Executor = Text() };
        if (Maybe())
        {
            route.StartTime = new Timestamp { Seconds = _random.NextInt64(-62135596800, 253402300800), Nanos = _random.Next(10_000_000) * 100 };
            route.EndTime = new Timestamp();
            route.Status = Status();
        }

        return route;
    }

    private StatusProto Status()
    {
        var status = new StatusProto { Code = (StatusProto.Types.StatusCode)_random.Next(-1, 3), Description = Maybe() ? "" : Text() };
        if (Maybe())
        {
            status.Exception = new StatusProto.Types.ExceptionProto { Name = Text(), Executor = Text() };
            status.Exception.Args.AddRange(Many(2, Text));
            status.Exception.Stacks.AddRange(["", Text()]);
        }

        return status;
    }

    private NamedScoreProto Score() => new() { Value = Float(), OpName = Maybe() ? "" : Text(), Description = Text(), RefId = Text() };

    private NdArrayProto Array()
    {
        var array = new NdArrayProto { ClsName = Maybe() ? "numpy" : Maybe() ? "torch" : "list" };
        if (_random.Next(4) == 0)
        {
            var count = _random.Next(1, 4);
            array.Sparse = new SparseNdArrayProto { Values = Dense("<f4", count), Shape = { 5, 300 } };
            array.Sparse.Indices = new DenseNdArrayProto { Dtype = "<i8", Shape = { (uint)count, 2 }, Buffer = Positions(count, 5, 300) };
            (array.ClsName, array.Parameters) = ("scipy", new Struct { Fields = { ["sparse_format"] = Value.ForString("csr") } });
            return array;
        }

        array.Dense = Dense(s_dtypes[_random.Next(s_dtypes.Length)], [.. Many(3, () => _random.Next(4))]);
        if (Maybe())
        {
            array.Dense.Buffer = ByteString.Empty;
        }

        return array;
    }

    private ByteString Positions(int count, params int[] shape) =>
        ByteString.CopyFrom([.. Enumerable.Range(0, count).SelectMany(_ => shape.SelectMany(dimension => BitConverter.GetBytes(_random.NextInt64(dimension))))]);

    private DenseNdArrayProto Dense(string dtype, params int[] shape)
    {
        var size = (dtype[2] - '0') * shape.Aggregate(1, (product, dimension) => product * dimension);
        var dense = new DenseNdArrayProto { Buffer = Bytes(size), Dtype = dtype };
        dense.Shape.AddRange(shape.Select(dimension => (uint)dimension));
        return dense;
    }

    private Struct Fields(int depth)
    {
        var fields = new Struct { Fields = { ["first"] = Any(depth) } };
        foreach (var name in Many(3, Text))
        {
            fields.Fields[name] = Any(depth);
        }

        return fields;
    }

    private Value Any(int depth) => _random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => Value.ForNull(),
        1 => Value.ForBool(Maybe()),
        2 => Value.ForNumber(Maybe() ? _random.Next(100) : Float()),
        3 => Value.ForString(""),
        4 => Value.ForString(Text()),
        5 => Value.ForStruct(Maybe() ? Fields(depth - 1) : new Struct()),
        _ => Value.ForList([.. Many(3, () => Any(depth - 1))]),
    };

    private IEnumerable<T> Many<T>(int most, Func<T> make) => Enumerable.Range(0, _random.Next(most + 1)).Select(_ => make()).ToList();

    private ByteString Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private string Text() => s_texts[_random.Next(s_texts.Length)];

    private float Float() => Maybe() ? s_floats[_random.Next(s_floats.Length)] : _random.NextSingle();

    private bool Maybe() => _random.Next(2) == 0;
}
