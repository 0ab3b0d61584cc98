using FlowKit.House;

var root = Path.GetFullPath(args.FirstOrDefault() ?? ".");
var sources = SourceFile.ReadAll(root, "src", "executors");
IMeasure[] measures =
[
    new FileSizes(),
    new LongLines(),
    new ClassSizes(),
    new MethodSizes(),
    new TypesPerFile(),
    new SealedTypes(),
    new FolderSizes(),
    new Namespaces(root),
    new MirroredTests(root),
    new Summaries(),
    new NestedTernaries(),
    new Suppressions(),
    new OpenWork(),
    new TypeNames(),
];
var known = KnownPlaces.Read(Path.Combine(root, "eng", "house", "known.txt"));
var isOver = false;
foreach (var measure in measures)
{
    var result = measure.Take(sources);
    var allowed = known.Of(measure.Name);
    isOver |= result.Beyond.Count > allowed;
    var verdict = result.Beyond.Count switch
    {
        0 => "ok   ",
        var count when count <= allowed => "known",
        _ => "over ",
    };
    Console.WriteLine($"{verdict} {measure.Name}: {result.Figures}");
    foreach (var place in result.Beyond.Count > allowed || args.Contains("--all") ? result.Beyond : [])
    {
        Console.WriteLine($"        {place}");
    }

    if (result.Beyond.Count < allowed)
    {
        Console.WriteLine($"        eng/house/known.txt allows {allowed}; {result.Beyond.Count} are left, so write that number there");
        isOver = true;
    }
}

Console.WriteLine($"{sources.Count} files, {sources.Sum(file => file.Lines.Length)} lines");
return isOver ? 1 : 0;
