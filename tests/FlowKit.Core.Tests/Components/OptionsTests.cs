using System.ComponentModel.DataAnnotations;
using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.TestKit;

namespace FlowKit.Components;

public sealed class OptionsTests
{
    private static Task<TestFlow> StartAsync(string uses, string with, FlowReadOptions? read = null) => StartTextAsync($$"""
        jtype: Flow
        executors:
          - name: a
            uses: {{uses}}
            uses_with:
              {{with.ReplaceLineEndings("\n      ")}}
        """, read);

    private static Task<TestFlow> StartTextAsync(string yaml, FlowReadOptions? read)
    {
        var catalog = ComponentCatalog.Of(typeof(WithOptions), typeof(WithParameters), typeof(Mixed), typeof(TwoConstructors));
        Runtime.FlowRuntime.Check(FlowConfigReader.ReadText(yaml, "flow.yml", read), catalog);
        return TestFlow.StartAsync(yaml, typeof(WithOptions), typeof(WithParameters));
    }

    private static async Task<string> RefuseAsync(string uses, string with, FlowReadOptions? read = null) =>
        (await Assert.ThrowsAsync<FlowConfigException>(() => StartAsync(uses, with, read))).Message;

    private static async Task<string> ShowAsync(string uses, string with)
    {
        await using var flow = await StartAsync(uses, with);
        return (await flow.PostAsync("/show")).Results!["a/rep-0"]!.GetValue<string>();
    }

    [Fact]
    public async Task Options_are_bound_by_snake_case_names_to_an_options_class() =>
        Assert.Equal("8 InnerProduct 0.5 x,y", await ShowAsync("WithOptions", "batch_size: 8\nmetric: inner_product\nthreshold: 0.5\nnames: [x, y]"));

    [Fact]
    public async Task Options_are_bound_to_the_constructors_own_parameters() =>
        Assert.Equal("model 7 True", await ShowAsync("WithParameters", "model_name: model\ntop_k: 7"));

    [Fact]
    public async Task A_missing_parameter_without_default_is_named() =>
        Assert.Equal("flow.yml:4:11: uses_with.model_name: 'WithParameters' needs this option", await RefuseAsync("WithParameters", "top_k: 1"));

    [Theory]
    [InlineData("batchsize: 1", "flow.yml:6:18: uses_with.batchsize: 'WithOptions' has no such option; did you mean 'batch_size'?")]
    [InlineData("quite_else: 1", "flow.yml:6:19: uses_with.quite_else: 'WithOptions' has no such option; it has batch_size, metric, names, threshold")]
    [InlineData("batch_size: 0", "between 1 and 64")]
    [InlineData("threshold: [1]", "uses_with.threshold: expected a number, not a list")]
    [InlineData("metric: manhattan", "expected one of cosine, inner_product, not this text")]
    [InlineData("names: 5", "expected a list or mapping that fits, not this number")]
    public async Task A_wrong_option_is_told_with_its_place(string with, string message) =>
        Assert.Contains(message, await RefuseAsync("WithOptions", with), StringComparison.Ordinal);

    [Fact]
    public async Task All_wrong_options_are_told_at_once()
    {
        var message = await RefuseAsync("WithOptions", "batch_size: many\nmetrik: cosine\nthreshold: {}");

        Assert.Equal(["flow.yml:6", "flow.yml:7", "flow.yml:8"], message.Split('\n').Select(line => line[..10]));
    }

    [Fact]
    public async Task A_secret_of_the_wrong_type_is_not_shown()
    {
        var read = new FlowReadOptions { Environment = _ => "hunter2" };

        var message = await RefuseAsync("WithOptions", "batch_size: ${{ ENV.TOKEN }}", read);

        Assert.Contains("uses_with.batch_size: expected a whole number, not this text", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_constructor_that_mixes_options_and_parameters_is_refused_before_the_start() =>
        Assert.Contains("mixes an options class with other parameters", await RefuseAsync("Mixed", "top_k: 1"), StringComparison.Ordinal);

    [Fact]
    public async Task Two_constructors_are_refused() =>
        Assert.Contains("has 2 public constructors", await RefuseAsync("TwoConstructors", "top_k: 1"), StringComparison.Ordinal);

    public enum Metric
    {
        Cosine,
        InnerProduct,
    }

    public sealed class Options
    {
        [Range(1, 64)]
        public int BatchSize { get; set; } = 4;

        public Metric Metric { get; set; }

        public double Threshold { get; set; }

        public IReadOnlyList<string> Names { get; set; } = [];
    }

    [Executor("WithOptions")]
    public sealed class WithOptions(Options options) : Executor
    {
        [Requests("/show")]
        public string Show() => FormattableString.Invariant($"{options.BatchSize} {options.Metric} {options.Threshold} {string.Join(',', options.Names)}");
    }

    [Executor("WithParameters")]
    public sealed class WithParameters(string modelName, int topK, bool warm = true) : Executor
    {
        [Requests("/show")]
        public string Show() => $"{modelName} {topK} {warm}";
    }

    [Executor("Mixed")]
    public sealed class Mixed : Executor
    {
        public Mixed(Options options, int topK) => _ = (options, topK);
    }

    [Executor("TwoConstructors")]
    public sealed class TwoConstructors : Executor
    {
        public TwoConstructors()
        {
        }

        public TwoConstructors(int topK) => _ = topK;
    }
}
