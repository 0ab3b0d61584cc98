namespace FlowKit.House;

/// <summary>Lines of at most 140 columns.</summary>
internal sealed class LongLines : IMeasure
{
    private const int Max = 140;

    public string Name => "columns a line";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var beyond = files.SelectMany(file => file.Lines.Index().Where(line => line.Item.Length > Max).Select(line => $"{file.Path}:{line.Index + 1}: {line.Item.Length} columns")).ToList();
        return new Measurement($"{beyond.Count} lines over {Max}", beyond);
    }
}
