using System.Text.Json.Nodes;
using NodeMap = System.Collections.Generic.Dictionary<string, FlowKit.Wire.Proto.V2.Node>;

namespace FlowKit.Wire.Proto.V2;

/// <summary>
/// Reads DocArray v2's DocProto. Its fields become a document's by name: <c>id</c>, <c>text</c>, <c>tensor</c>, <c>blob</c> or
/// <c>bytes_</c>, <c>embedding</c>, <c>url</c> or <c>uri</c>, <c>tags</c>, <c>chunks</c>, <c>matches</c>, <c>scores</c>,
/// <c>evaluations</c>, <c>mime_type</c>, <c>modality</c>, <c>parent_id</c>, <c>granularity</c>, <c>adjacency</c>, <c>weight</c>,
/// <c>offset</c>, <c>location</c>, <c>_metadata</c>. Of <c>tensor</c>, <c>text</c> and <c>blob</c> the first that is there becomes the
/// content. Everything else, and a field of these names that holds something else, becomes a tag (see <see cref="NodeJson"/>) that is
/// written as a field again. A field of None is none.
/// </summary>
internal static class DocProtoReader
{
    private static readonly string[] s_contents = ["tensor", "text", "blob", "bytes_"];

    public static Document Read(ref ProtoReader reader) => ToDocument(NodeReader.ReadDocument(ref reader));

    private static Document ToDocument(NodeMap map)
    {
        var document = new Document("");
        foreach (var name in s_contents)
        {
            if (map.TryGetValue(name, out var node) && !TakeContent(document, name, node))
            {
                Keep(document, name, node);
            }
        }

        foreach (var (name, node) in map)
        {
            if (!s_contents.Contains(name)
                && !TakeText(document, name, node)
                && !TakeNumber(document, name, node)
                && !TakeStructure(document, name, node))
            {
                Keep(document, name, node);
            }
        }

        document.Id = document.Id.Length > 0 ? document.Id : NewId.Next();
        return document;
    }

    private static void Keep(Document document, string name, Node node)
    {
        if (node.Kind != NodeKind.None)
        {
            document.Tags[name] = NodeJson.ValueOf(node);
            DocumentFields.Remember(document, DocumentFields.Kept, name, node.Type);
        }
    }

    private static bool TakeContent(Document document, string name, Node node)
    {
        switch (node.Value)
        {
            case NdArray array when name == "tensor":
                document.Tensor = array.From(ArrayTypes.FrameworkOf(node.Type), array.FrameworkParameters);
                return true;
            case string text when name == "text" && document.ContentType == DocumentContent.None:
                document.Text = text;
                return Taken(document, name, node);
            case ReadOnlyMemory<byte> blob when name is "blob" or "bytes_" && document.ContentType == DocumentContent.None:
                document.Blob = blob;
                return Taken(document, name, node, isUsual: name == "blob");
            default:
                return false;
        }
    }

    private static bool TakeText(Document document, string name, Node node)
    {
        if (node.Value is not string text)
        {
            return false;
        }

        switch (name)
        {
            case "id":
                document.Id = text;
                return node.Type == "id" || Taken(document, name, node, isUsual: false);
            case "url" or "uri" when document.Uri is null:
                document.Uri = text;
                return Taken(document, name, node, isUsual: name == "url");
            case "mime_type":
                document.MimeType = text;
                return Taken(document, name, node);
            case "modality":
                document.Modality = text;
                return Taken(document, name, node);
            case "parent_id":
                document.ParentId = text;
                return Taken(document, name, node);
            default:
                return false;
        }
    }

    private static bool TakeNumber(Document document, string name, Node node)
    {
        switch (node.Value)
        {
            case int count and >= 0 when name == "granularity":
                document.Granularity = (uint)count;
                return Taken(document, name, node);
            case int count and >= 0 when name == "adjacency":
                document.Adjacency = (uint)count;
                return Taken(document, name, node);
            case double weight when name == "weight":
                document.Weight = (float)weight;
                return Taken(document, name, node);
            case double offset when name == "offset":
                document.Offset = (float)offset;
                return Taken(document, name, node);
            default:
                return false;
        }
    }

    private static bool TakeStructure(Document document, string name, Node node)
    {
        switch (node.Value)
        {
            case NdArray array when name == "embedding":
                document.Embedding = array.From(ArrayTypes.FrameworkOf(node.Type), array.FrameworkParameters);
                return true;
            case NodeMap tags when name == "tags" && node.Kind == NodeKind.Dict:
                AddTags(document.Tags, tags);
                return Taken(document, name, node);
            case NodeMap metadata when name == "_metadata" && node.Kind == NodeKind.Dict:
                AddTags(document.Metadata, metadata);
                document.Error = DocumentErrors.TakeFrom(document.Metadata);
                return Taken(document, name, node);
            case List<NodeMap> docs when name is "chunks" or "matches":
                (name == "chunks" ? document.Chunks : document.Matches).AddRange(docs.Select(ToDocument));
                return Taken(document, name, node);
            case NodeMap scores when name is "scores" or "evaluations"
                && node.Kind == NodeKind.Dict
                && ScoreNodes.TryRead(scores, name == "scores" ? document.Scores : document.Evaluations):
                return Taken(document, name, node);
            case List<Node> location when name == "location"
                && node.Kind == NodeKind.List
                && location.All(item => item is { Value: double, Type: null }):
                document.Location = [.. location.Select(item => (float)(double)item.Value!)];
                return Taken(document, name, node);
            default:
                return false;
        }
    }

    /// <summary>A field beside <c>tags</c> goes over a tag of the same name.</summary>
    private static void AddTags(JsonObject target, NodeMap values)
    {
        foreach (var (key, node) in values)
        {
            target.TryAdd(key, NodeJson.Of(node));
        }
    }

    private static bool Taken(Document document, string name, Node node, bool isUsual = true)
    {
        if (!isUsual || node.Type is not null)
        {
            DocumentFields.Remember(document, DocumentFields.Types, name, node.Type);
        }

        return true;
    }
}
