namespace FlowKit.Configuration.Flow;

public class TopologyKeyTests
{
    private static readonly FlowConfig Flow = FlowConfigReader.Read(FlowFiles.Valid("topology.yml"));

    [Fact]
    public void An_entry_follows_the_last_one_that_is_on_the_road() => Assert.Equal(
        ["decoder ← gateway", "watch ← decoder", "log ← decoder", "images ← decoder", "words ← decoder", "pairs ← images, words", "archive ← log, watch", "end ← pairs"],
        Flow.Executors.Select(executor => $"{executor.Name} ← {string.Join(", ", executor.Needs)}"));

    [Fact]
    public void The_first_entry_follows_the_gateway_and_so_does_the_next_when_it_floats_or_inspects()
    {
        var flow = Read("- {name: log, floating: true}\n  - {name: watch, method: inspect}\n  - name: a\n  - name: b");
        Assert.Equal(["gateway", "gateway", "gateway", "a"], flow.Executors.Select(executor => Assert.Single(executor.Needs)));
    }

    [Fact]
    public void What_floats_and_what_inspects_is_marked()
    {
        Assert.Equal(["log", "archive"], Flow.Executors.Where(executor => executor.Floating).Select(executor => executor.Name));
        Assert.Equal(["watch"], Flow.Executors.Where(executor => executor.Inspects).Select(executor => executor.Name));
        Assert.Equal(["pairs"], Flow.Executors.Where(executor => executor.NoReduce).Select(executor => executor.Name));
    }

    [Theory]
    [InlineData("with: {inspect: HANG}", InspectMode.Hang)]
    [InlineData("with: {inspect: remove}", InspectMode.Remove)]
    [InlineData("inspect: remove", InspectMode.Remove)]
    [InlineData("inspect: collect\nwith: {inspect: hang}", InspectMode.Collect)]
    [InlineData("name: f", InspectMode.Collect)]
    public void Inspect_is_read_at_the_top_and_under_with(string top, InspectMode expected) => Assert.Equal(expected, Read("- name: a", top).Inspect);

    [Fact]
    public void A_condition_is_parsed()
    {
        var condition = Flow.Executors[4].When!;
        Assert.True(condition.Matches(new Document { Modality = "text", Tags = new() { ["lang"] = "de" } }));
        Assert.False(condition.Matches(new Document { Modality = "text", Tags = new() { ["lang"] = "fr" } }));
        Assert.Equal("""{"modality":{"$eq":"image"}}""", Flow.Executors[3].When!.ToString());
        Assert.Null(Flow.Executors[0].When);
    }

    [Fact]
    public void A_condition_keeps_the_types_of_yaml()
    {
        var condition = Read("- name: a\n    when: {$and: [{tags__price: {$gt: 3}}, {tags__sold: {$eq: false}}, {tags__note: {$eq: '3'}}]}").Executors[0].When!;
        Assert.Equal("""{"$and":[{"tags__price":{"$gt":3}},{"tags__sold":{"$eq":false}},{"tags__note":{"$eq":"3"}}]}""", condition.ToString());
    }

    [Fact]
    public void A_flow_may_float_as_a_whole() => Assert.All(Read("- name: a\n  - name: b\n    needs: a", "with: {floating: true}").Executors, executor => Assert.True(executor.Floating));

    private static FlowConfig Read(string executors, string top = "jtype: Flow") =>
        FlowConfigReader.ReadText($"{top}\nexecutors:\n  {executors}\n", "flow.yml");
}
