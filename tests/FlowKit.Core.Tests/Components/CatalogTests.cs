using FlowKit.Configuration;
using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Executors;
using FlowKit.TestKit;

namespace FlowKit.Components;

public sealed class CatalogTests
{
    private static ExecutorConfig Uses(string uses) => new() { Name = "a", Uses = uses, Needs = ["gateway"], UsesPlace = new SourcePlace("flow.yml", 4, 11) };

    [Fact]
    public void Two_executors_of_one_name_stop_the_start_naming_both()
    {
        var exception = Assert.Throws<FlowKitException>(() => ComponentCatalog.Of(typeof(First), typeof(Second)));

        Assert.Contains("First", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Second", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_executor_is_found_by_its_name_or_its_class()
    {
        var catalog = ComponentCatalog.Of(typeof(First));

        Assert.Equal(typeof(First), catalog.Resolve(Uses("Same"), ".").Type);
        Assert.Equal(typeof(First), catalog.Resolve(Uses(typeof(First).FullName!), ".").Type);
        Assert.Equal(typeof(BaseExecutor), catalog.Resolve(Uses("BaseExecutor"), ".").Type);
    }

    [Theory]
    [InlineData("Sane", "flow.yml:4:11: uses: no executor is named 'Sane'; did you mean 'Same'?")]
    [InlineData("Elsewhere", "flow.yml:4:11: uses: no executor is named 'Elsewhere'; known are BaseExecutor, Same, or the path of a C# file, a project's folder or an assembly")]
    public void An_unknown_name_is_told_with_what_is_known(string name, string message) =>
        Assert.Equal(message, Assert.Throws<FlowConfigException>(() => ComponentCatalog.Of(typeof(First)).Resolve(Uses(name), ".")).Message);

    [Theory]
    [InlineData("./Say.cs")]
    [InlineData("./Say")]
    [InlineData("nuget://Say@1.0.0")]
    public void A_catalog_without_sources_says_what_is_missing(string uses) =>
        Assert.Equal(
            $"flow.yml:4:11: uses: '{uses}' is not part of this program, which brings no executors from files, projects and packages; add FlowKit.Sources: catalog.With(ExecutorSources.Default)",
            Assert.Throws<FlowConfigException>(() => ComponentCatalog.Of(typeof(First)).Resolve(Uses(uses), ".")).Message);

    [Fact]
    public void An_assembly_is_scanned_for_public_executors()
    {
        Assert.Equal(["BaseExecutor", "Scripted"], ComponentCatalog.Scan(typeof(ScriptedExecutor).Assembly).Executors.Select(executor => executor.Name));
    }

    [Fact]
    public void Two_methods_on_one_endpoint_are_refused() =>
        Assert.Contains("both answer /x", Assert.Throws<FlowKitException>(() => new ExecutorDescriptor(typeof(Twice))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_method_that_could_never_be_called_is_refused() =>
        Assert.Contains("Hidden.Run answers /x but is not public", Assert.Throws<FlowKitException>(() => new ExecutorDescriptor(typeof(Hidden))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(typeof(TakesText), "the parameter 'text' is a String")]
    [InlineData(typeof(TakesList), "the parameter 'list' is a List`1")]
    [InlineData(typeof(TakesReference), "the parameter 'documents' is a DocumentArray&")]
    [InlineData(typeof(Generic), "has no type parameters")]
    public void A_parameter_that_cannot_be_given_is_named(Type type, string message) =>
        Assert.Contains(message, Assert.Throws<FlowKitException>(() => new ExecutorDescriptor(type).BindEndpoints(new Dictionary<string, string>())).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Uses_requests_moves_a_method_to_another_endpoint()
    {
        const string Yaml = "jtype: Flow\nexecutors:\n  - {name: a, uses: Same, uses_requests: {/encode: encode_all}}\n";
        await using var flow = await TestFlow.StartAsync(Yaml, typeof(First));

        Assert.Equal("encoded", (await flow.PostAsync("/encode", new Document("1"))).Documents[0].Text);
        Assert.False(flow.Runtime.Answers("/index"));
        Assert.True(flow.Runtime.Answers("/other"));
    }

    [Fact]
    public void Uses_requests_that_names_no_method_is_refused_with_its_place()
    {
        const string Yaml = "jtype: Flow\nexecutors:\n  - name: a\n    uses: Same\n    uses_requests: {/encode: nothing}\n";

        var exception = Assert.Throws<FlowConfigException>(() => Runtime.FlowRuntime.Check(FlowConfigReader.ReadText(Yaml, "flow.yml"), ComponentCatalog.Of(typeof(First))));

        Assert.StartsWith("flow.yml:4:11: uses: uses_requests: /encode names the method 'nothing'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_derived_executor_answers_what_its_parent_does()
    {
        await using var flow = await TestFlow.StartAsync("jtype: Flow\nexecutors:\n  - {name: a, uses: Child}\n", typeof(Child));

        Assert.Equal("encoded", (await flow.PostAsync("/index", new Document("1"))).Documents[0].Text);
        Assert.Equal("child", (await flow.PostAsync("/child", new Document("1"))).Documents[0].Text);
    }

    [Executor("Same")]
    public sealed class First : Executor
    {
        [Requests("/index")]
        public void EncodeAll(DocumentArray documents) => documents[0].Text = "encoded";

        [Requests("/other")]
        public void Other()
        {
        }
    }

    [Executor("Same")]
    public sealed class Second : Executor;

    public abstract class Parent : Executor
    {
        [Requests("/index")]
        public virtual void Encode(DocumentArray documents) => documents[0].Text = "encoded";
    }

    [Executor("Child")]
    public sealed class Child : Parent
    {
        public override void Encode(DocumentArray documents) => base.Encode(documents);

        [Requests("/child")]
        public static void Own(DocumentArray documents) => documents[0].Text = "child";
    }

    public sealed class Twice : Executor
    {
        [Requests("/x")]
        public void One()
        {
        }

        [Requests("/x")]
        public void Two()
        {
        }
    }

    public sealed class Hidden : Executor
    {
        [Requests("/x")]
        internal void Run()
        {
        }
    }

    public sealed class TakesText : Executor
    {
        [Requests("/x")]
        public void Run(string text) => _ = text;
    }

    public sealed class TakesList : Executor
    {
        [Requests("/x")]
        public void Run(List<Document> list) => _ = list;
    }

    public sealed class TakesReference : Executor
    {
        [Requests("/x")]
        public void Run(ref DocumentArray documents) => documents = [];
    }

    public sealed class Generic : Executor
    {
        [Requests("/x")]
        public void Run<T>() => _ = typeof(T);
    }
}
