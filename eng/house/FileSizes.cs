namespace FlowKit.House;

/// <summary>Files: median 60 lines, nine in ten 200, none over 400.</summary>
internal sealed class FileSizes : IMeasure
{
    private const int Max = 400;

    public string Name => "lines a file";

    public Measurement Take(IReadOnlyList<SourceFile> files) => Measurement.Of(
        [.. files.Select(file => file.Lines.Length)],
        60,
        200,
        Max,
        files.Where(file => file.Lines.Length > Max).Select(file => $"{file.Path}: {file.Lines.Length} lines"));
}
