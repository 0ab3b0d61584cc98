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
    new Summaries(),
    new NestedTernaries(),
    new Suppressions(),
    new OpenWork(),
    new TypeNames(),
];
var failed = 0;
foreach (var measure in measures)
{
    var result = measure.Take(sources);
    failed += result.Beyond.Count;
    Console.WriteLine($"{(result.Beyond.Count == 0 ? "ok  " : "over")} {measure.Name}: {result.Figures}");
    foreach (var place in result.Beyond)
    {
        Console.WriteLine($"       {place}");
    }
}

Console.WriteLine($"{sources.Count} files, {sources.Sum(file => file.Lines.Length)} lines, {failed} beyond their bounds");
return failed == 0 ? 0 : 1;
