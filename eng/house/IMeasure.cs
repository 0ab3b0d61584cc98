namespace FlowKit.House;

/// <summary>One bound that all sources keep.</summary>
internal interface IMeasure
{
    string Name { get; }

    Measurement Take(IReadOnlyList<SourceFile> files);
}
