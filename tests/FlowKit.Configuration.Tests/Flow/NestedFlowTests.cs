using FlowKit.Configuration.Executors;
using FlowKit.TestKit;

namespace FlowKit.Configuration.Flow;

public class NestedFlowTests
{
    private static readonly FlowConfig Flow = FlowConfigReader.Read(FlowFiles.Valid("nested.yml"));

    [Fact]
    public void A_flow_stands_in_the_place_of_its_entry() => Assert.Equal(
        [
            "decoder ← gateway",
            "clip/images ← decoder", "clip/watch ← clip/images", "clip/words/tokens ← decoder", "clip/words/encoder ← clip/words/tokens",
            "clip/words ← clip/words/encoder", "clip/log ← clip/words", "clip ← clip/images, clip/words",
            "only_text/gateway ← decoder, clip", "only_text/tokens ← only_text/gateway", "only_text/encoder ← only_text/tokens", "only_text ← only_text/encoder",
            "aside/tokens ← only_text", "aside/encoder ← aside/tokens", "aside ← aside/encoder",
            "end ← only_text",
        ],
        Flow.Executors.Select(executor => $"{executor.Name} ← {string.Join(", ", executor.Needs)}"));

    [Fact]
    public void Its_joiner_passes_documents_on() => Assert.All(
        Flow.Executors.Where(executor => executor.Name is "clip" or "clip/words" or "only_text" or "only_text/gateway"),
        executor => Assert.Equal("BaseExecutor", executor.Uses));

    [Fact]
    public void A_condition_stands_at_its_entrance() =>
        Assert.Equal(["only_text/gateway"], Flow.Executors.Where(executor => executor.When is not null).Select(executor => executor.Name));

    [Fact]
    public void All_of_a_floating_flow_floats() => Assert.Equal(
        ["clip/watch", "clip/log", "aside/tokens", "aside/encoder", "aside"],
        Flow.Executors.Where(executor => executor.Floating).Select(executor => executor.Name));

    [Fact]
    public void Its_own_file_gives_the_defaults()
    {
        Assert.Equal(1, Named("clip/images").TimeoutReady.TotalSeconds);
        Assert.Equal(600, Named("clip/words/tokens").TimeoutReady.TotalSeconds);
        Assert.Equal(new Dictionary<string, string> { ["LEVEL"] = "entry", ["OUTER"] = "1", ["INNER"] = "1" }, Named("clip/words/tokens").Env);
        Assert.Equal(new Dictionary<string, string> { ["LEVEL"] = "outer", ["OUTER"] = "1" }, Named("only_text/tokens").Env);
        Assert.Equal(8080, Flow.Gateway.Port);
    }

    [Fact]
    public void Relative_paths_start_in_its_folder()
    {
        var parts = FlowFiles.Valid("parts");
        Assert.Equal(parts, Named("clip/images").BaseDirectory);
        Assert.Equal(parts, Named("clip/words/tokens").BaseDirectory);
        Assert.Equal(Path.Combine(parts, "encoder"), Named("clip/words/encoder").BaseDirectory);
        Assert.Equal(Path.Combine(parts, "vectors"), Named("clip/words/tokens").Workspace);
        Assert.Equal("logs", Named("clip/log").Workspace);
        Assert.Equal(FlowFiles.Valid("aside"), Named("aside/tokens").Workspace);
        Assert.Null(Named("end").BaseDirectory);
    }

    [Theory]
    [InlineData("collect", "collect", "in/a false false; in/watch false true; in false false")]
    [InlineData("hang", "collect", "in/a false false; in/watch false true; in false false")]
    [InlineData("collect", "hang", "in/a false false; in/watch true false; in false false")]
    [InlineData("collect", "remove", "in/a false false; in false false")]
    public void Its_inspectors_are_treated_as_it_says(string outer, string inner, string expected)
    {
        using var folder = new TempFolder();
        folder.Write("inner.yml", $"jtype: Flow\nwith: {{inspect: {inner}}}\nexecutors:\n  - name: a\n  - {{name: watch, method: inspect}}\n");
        var flow = FlowConfigReader.Read(folder.Write("flow.yml", $"with: {{inspect: {outer}}}\nexecutors:\n  - {{name: in, uses: inner.yml}}\n"));
        Assert.Equal(expected, string.Join("; ", flow.Executors.Select(executor => $"{executor.Name} {executor.Floating} {executor.Inspects}")), ignoreCase: true);
    }

    [Fact]
    public void A_flow_of_only_floating_executors_passes_documents_by()
    {
        using var folder = new TempFolder();
        folder.Write("inner.yml", "executors:\n  - {name: log, floating: true}\n");
        var flow = FlowConfigReader.Read(folder.Write("flow.yml", "executors:\n  - name: a\n  - {name: in, uses: inner.yml}\n  - name: b\n"));
        Assert.Equal(["a ← gateway", "in/log ← a", "in ← a", "b ← in"], flow.Executors.Select(executor => $"{executor.Name} ← {string.Join(", ", executor.Needs)}"));
    }

    [Fact]
    public void Every_file_is_listed_once() => Assert.Equal(
        [FlowFiles.Valid("nested.yml"), .. new[] { "clip.yml", "words.yml", "encoder/config.yml" }.Select(name => Path.Combine(FlowFiles.Valid("parts"), name))],
        Flow.Files);

    private static ExecutorConfig Named(string name) => Flow.Executors.Single(executor => executor.Name == name);
}
