namespace FlowKit.Clip.Models.Diagnostics;

/// <summary>Looks a model over: files, towers, self-test, activation, batches, padding, lengths, colours and scale.</summary>
public static class ModelDiagnostics
{
    /// <summary>Examines a model.</summary>
    /// <param name="nameOrPath">As <see cref="ClipModelFolder.Open"/>.</param>
    /// <param name="variant">Likewise.</param>
    /// <returns>The findings; the first one that prevents the remaining checks is the last.</returns>
    public static IReadOnlyList<ClipFinding> Run(string nameOrPath, string? variant = null)
    {
        var findings = new List<ClipFinding>();
        try
        {
            var folder = ClipModelFolder.Open(nameOrPath, variant);
            findings.Add(
                new ClipFinding(
                    "card",
                    ClipFindingState.Ok,
                    $"{folder.Card.ModelId}{(folder.Known is { } known ? $", known as {known.Name}" : ", not in the registry")}:"
                    + $" {folder.Card.ImageSize} pixels, {folder.Card.ContextLength} ids, {folder.Card.Dimension} values,"
                    + $" tokenizer {folder.Card.Tokenizer}"));
            findings.AddRange(ModelChecksums.Check(folder));
            using var model = ClipModel.Open(nameOrPath, new ClipModelOptions { Variant = variant });
            findings.Add(folder.Card.SelfTest is { } test
                ? new ClipFinding(
                    "self-test",
                    ClipFindingState.Ok,
                    $"{test.Texts.Count} texts, {test.Images.Count} pictures"
                    + $" and {test.Cross.Sum(static row => row.Count)} cosines as stored")
                : new ClipFinding("self-test", ClipFindingState.Unsure, "the card has none; `flowkit models add` stores one"));
            findings.AddRange(GraphDiagnostics.Run(folder));
            findings.AddRange(EmbeddingDiagnostics.Run(model));
            if (JointScale.Measure(model) is { } scale)
            {
                findings.Add(scale);
            }
        }
        catch (FlowKitException exception)
        {
            findings.Add(new ClipFinding(findings.Count == 0 ? "card" : "towers", ClipFindingState.Wrong, exception.Message));
        }

        return findings;
    }
}
