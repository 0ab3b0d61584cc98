using System.Text.RegularExpressions;

namespace FlowKit.House;

/// <summary>Nothing is left open: no marks of work to do, nothing that throws for want of it.</summary>
internal sealed partial class OpenWork : IMeasure
{
    public string Name => "open work";

    public Measurement Take(IReadOnlyList<SourceFile> files)
    {
        var beyond = files.SelectMany(file => file.Lines.Index().Where(line => Mark().IsMatch(line.Item)).Select(line => $"{file.Path}:{line.Index + 1}")).ToList();
        return new Measurement($"{beyond.Count}", beyond);
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Mark();
}
