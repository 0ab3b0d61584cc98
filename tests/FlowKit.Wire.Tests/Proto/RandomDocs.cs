using FlowKit.Wire.Protos.V2;
using Google.Protobuf;

namespace FlowKit.Wire.Tests.Proto;

/// <summary>
/// Random messages of DocArray v2 from Google's classes. Left out is what a document cannot tell apart: a field of None and none,
/// empty tags, chunks and scores and none, numbers that are no floats where a document has floats.
/// </summary>
internal sealed class RandomDocs(int seed)
{
    private static readonly string[] s_texts = ["a", "é", "日本語", "", new string('x', 200)];
    private static readonly string[] s_types = ["any_url", "image_url", "image_bytes"];

    private readonly Random _random = new(seed);

    public DataRequestProto Request()
    {
        var request = new DataRequestProto { Header = new HeaderProto { RequestId = "r", ExecEndpoint = "/x" } };
        request.Data = new DataRequestProto.Types.DataContentProto { Docs = new DocListProto() };
        request.Data.Docs.Docs.AddRange(Many(3, () => Doc(2)));
        return request;
    }

    private DocProto Doc(int depth)
    {
        var doc = new DocProto { Data = { ["id"] = new NodeProto { Text = $"{_random.Next()}", Type = "id" } } };
        Maybe(() => doc.Data["text"] = Text());
        Maybe(() => doc.Data["tensor"] = Array());
        Maybe(() => doc.Data[Either("blob", "bytes_")] = Blob());
        Maybe(() => doc.Data["embedding"] = Array());
        Maybe(() => doc.Data[Either("url", "uri")] = Text());
        Maybe(() => doc.Data["mime_type"] = Text());
        Maybe(() => doc.Data["granularity"] = new NodeProto { Integer = _random.Next(1, 9) });
        Maybe(() => doc.Data["weight"] = new NodeProto { Float = _random.NextSingle() });
        Maybe(() => doc.Data["location"] = new NodeProto { List = new ListOfAnyProto { Data = { new NodeProto { Float = 0.5 } } } });
        Maybe(() => doc.Data["tags"] = new NodeProto { Dict = new DictOfAnyProto { Data = { ["t"] = Any(depth), ["n"] = new NodeProto() } } });
        Maybe(() => doc.Data["scores"] = new NodeProto { Dict = new DictOfAnyProto { Data = { ["cosine"] = new NodeProto { Float = 0.25 }, ["other"] = Score() } } });
        Maybe(() => doc.Data["price"] = Any(depth));
        Maybe(() => doc.Data["matches"] = Any(0));
        if (depth > 0)
        {
            Maybe(() => doc.Data["chunks"] = new NodeProto { DocArray = new DocListProto { Docs = { Doc(depth - 1) } } });
            Maybe(() => doc.Data["image"] = new NodeProto { Doc = Doc(depth - 1) });
        }

        return doc;
    }

    private NodeProto Any(int depth) => _random.Next(depth > 0 ? 11 : 6) switch
    {
        0 => Text(),
        1 => new NodeProto { Integer = _random.Next(int.MinValue, int.MaxValue) },
        2 => new NodeProto { Float = _random.Next(10) },
        3 => new NodeProto { Boolean = _random.Next(2) == 0 },
        4 => Blob(),
        5 => Array(),
        6 => new NodeProto { List = List(depth - 1) },
        7 => new NodeProto { Set = List(depth - 1) },
        8 => new NodeProto { Tuple = List(depth - 1) },
        9 => new NodeProto { Dict = new DictOfAnyProto { Data = { ["k"] = Any(depth - 1), ["l"] = Any(depth - 1), ["m"] = Any(0) } } },
        _ => new NodeProto { DocArray = new DocListProto { Docs = { Doc(depth - 1), Doc(depth - 1) } } },
    };

    private ListOfAnyProto List(int depth) => new() { Data = { Many(3, () => Any(depth)), new NodeProto() } };

    private static NodeProto Score() => new()
    {
        Dict = new DictOfAnyProto { Data = { ["value"] = new NodeProto { Float = 1.5 }, ["op_name"] = new NodeProto { Text = "l2" } } },
    };

    private NodeProto Text()
    {
        var node = new NodeProto { Text = s_texts[_random.Next(s_texts.Length)] };
        Maybe(() => node.Type = s_types[_random.Next(s_types.Length)]);
        return node;
    }

    private NodeProto Blob()
    {
        var node = new NodeProto { Blob = ByteString.CopyFrom(1, 2, (byte)_random.Next(256)) };
        Maybe(() => node.Type = "image_bytes");
        return node;
    }

    private NodeProto Array()
    {
        var array = new NdArrayProto { Dense = new DenseNdArrayProto { Shape = { 2 }, Dtype = "<f4" } };
        Maybe(() => array.Dense.Buffer = ByteString.CopyFrom(new byte[8]));
        Maybe(() => array.Parameters = new() { Fields = { ["requires_grad"] = Google.Protobuf.WellKnownTypes.Value.ForBool(true) } });
        return new NodeProto { Ndarray = array, Type = Either("ndarray", Either("image_ndarray", "torch_tensor")) };
    }

    private List<T> Many<T>(int most, Func<T> make) => [.. Enumerable.Range(0, _random.Next(most + 1)).Select(_ => make())];

    private string Either(string one, string other) => _random.Next(2) == 0 ? one : other;

    private void Maybe(Action then)
    {
        if (_random.Next(2) == 0)
        {
            then();
        }
    }
}
