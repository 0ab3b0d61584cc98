using System.Text;

namespace FlowKit.Fuzz.Targets;

/// <summary>Access paths (<c>@r,cm[:2]</c>): each selects documents that are there, each once.</summary>
internal sealed class AccessPathTarget : FuzzTarget
{
    private static readonly DocumentArray s_documents = MakeDocuments();

    public override string Name => "path";

    public override IReadOnlyList<byte[]> Tokens { get; } = Split("@ r c m , [ ] : [-1] [:2] [1:] [::2] [2147483647] [-2147483648] cc mm @r,c,m");

    public override IEnumerable<Seed> Seeds() =>
        [new("root", "@r"), new("chunks", "@c[0:2]m"), new("union", "r,c,m"), new("index", "@c[-1]"), new("slice", "@r[1:]c[:-1],m"), new("blanks", "@r , c [ 1 ]"), new("deep", "@cccc"), new("bad", "@x[1")];

    public override void Run(byte[] input)
    {
        try
        {
            var selected = AccessPath.Parse(Encoding.UTF8.GetString(input)).Select(s_documents);
            if (selected.Distinct().Count() != selected.Count)
            {
                throw new FuzzFailure("A document is selected twice.");
            }
        }
        catch (FlowKitException exception) when (exception.Error.Code == FlowErrorCode.InvalidArgument)
        {
        }
    }

    private static DocumentArray MakeDocuments()
    {
        var documents = new DocumentArray();
        for (var at = 0; at < 3; at++)
        {
            var document = new Document($"{at}");
            document.Chunks.Add(new Document($"{at}c") { Text = "c" });
            document.Chunks[0].Matches.Add(new Document($"{at}cm"));
            document.Matches.Add(new Document($"{at}m"));
            document.Matches.Add(new Document($"{at}n"));
            documents.Add(document);
        }

        return documents;
    }
}
