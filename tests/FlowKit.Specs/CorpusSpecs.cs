using FlowKit.Fuzz;

namespace FlowKit.Specs;

/// <summary>Every input of the fuzzing corpora, those that once were wrong included, comes out as its reader's documentation says.</summary>
public sealed class CorpusSpecs
{
    public static TheoryData<string> Targets => [.. FuzzTargets.Names];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Every_input_of_its_corpus_is_read_or_refused(string name)
    {
        await using var target = FuzzTargets.Create(name);
        await target.StartAsync();
        var oracle = new Oracle(target);
        var files = Fuzz.Repository.Files(name);

        var findings = files.Select(path => (Path: path, Finding: oracle.Judge(File.ReadAllBytes(path)))).Where(judged => judged.Finding is not null).ToList();

        Assert.InRange(files.Count, 6, 200);
        Assert.True(findings.Count == 0, string.Join('\n', findings.Select(judged => $"{judged.Path}: {judged.Finding!.Text}")));
    }
}
