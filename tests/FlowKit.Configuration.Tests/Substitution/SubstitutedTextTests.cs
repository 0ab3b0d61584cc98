using FlowKit.Configuration.Diagnostics;
using FlowKit.Configuration.Flow;

namespace FlowKit.Configuration.Substitution;

/// <summary>A value of a variable is a text where the key wants one, whatever it looks like.</summary>
public class SubstitutedTextTests
{
    private static readonly string[] s_values = ["007", "1e3", "true", "null", "~", ".nan", "0x10", "+1", "20240601"];

    public static TheoryData<string> Values => [.. s_values];

    [Theory]
    [MemberData(nameof(Values))]
    public void Keys_that_are_texts_hold_exactly_the_characters(string value)
    {
        var flow = Read(
            """
            name: ${{ ENV.X }}
            env: {TOKEN: "${{ ENV.X }}", JOINED: "a-${{ ENV.X }}"}
            workspace: "${{ ENV.X }}"
            gateway: {title: "${{ ENV.X }}", description: "${{ ENV.X }}"}
            executors:
              - {name: a, description: "${{ ENV.X }}", env: {SECRET: "${{ ENV.X }}"}, workspace: "${{ ENV.X }}"}
            """,
            value);

        Assert.Equal((value, value, value), (flow.Name, flow.Gateway.Title, flow.Gateway.Description));
        Assert.Equal((value, $"a-{value}"), (flow.Env["TOKEN"], flow.Env["JOINED"]));
        Assert.Equal(value, flow.Workspace);
        Assert.Equal((value, value, value), (flow.Executors[0].Description, flow.Executors[0].Env["SECRET"], flow.Executors[0].Workspace));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Labels_and_names_of_a_container_hold_exactly_the_characters(string value)
    {
        var flow = Read(
            """
            executors:
              - {name: a, uses: 'docker://x', docker_kwargs: {labels: {l: "${{ ENV.X }}"}, hostname: "${{ ENV.X }}", cap_add: ["${{ ENV.X }}"]}}
            """,
            value);

        Assert.Equal([$"--label=l={value}", $"--hostname={value}", $"--cap-add={value}"], flow.Executors[0].Launch!.Container!.EngineOptions);
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_condition_compares_a_field_that_is_a_text_with_the_text(string value)
    {
        foreach (var when in (string[])["{id: {$eq: '${{ ENV.X }}'}}", "{id__exact: '${{ ENV.X }}'}", "{$and: [{text: {$in: ['${{ ENV.X }}']}}]}"])
        {
            var condition = Read($"executors:\n  - {{name: a, when: {when}}}\n", value).Executors[0].When!;

            Assert.True(condition.Matches(new Document(value) { Text = value }), when);
            Assert.False(condition.Matches(new Document("7") { Text = "7" }), when);
        }
    }

    [Fact]
    public void A_condition_on_a_tag_compares_a_number_that_looks_like_one() => Assert.True(
        Read("executors:\n  - {name: a, when: {tags__n: {$gt: '${{ ENV.X }}'}}}\n", "3").Executors[0].When!.Matches(new Document { Tags = { ["n"] = 4 } }));

    [Theory]
    [InlineData("3", 3)]
    [InlineData("12", 12)]
    public void Keys_that_are_numbers_are_read_as_numbers(string value, int expected)
    {
        Assert.Equal(expected, Read("executors: [{name: a, replicas: '${{ ENV.X }}'}]", value).Executors[0].Replicas);
        Assert.Equal(expected, Read("executors: [{name: a, replicas: \"${{ CONTEXT.x }}\"}]", value).Executors[0].Replicas);
    }

    [Theory]
    [InlineData("1e3", "'${{ ENV.X }}'")]
    [InlineData("true", "'${{ ENV.X }}'")]
    [InlineData("null", "'${{ ENV.X }}'")]
    [InlineData("0x10", "'${{ ENV.X }}'")]
    [InlineData("", "the empty value of '${{ ENV.X }}'")]
    public void Keys_that_are_numbers_refuse_what_is_none(string value, string shown) => Assert.Equal(
        $"flow.yml:1:33: executors.a.replicas: expected a whole number from 1 to 1024, not {shown}",
        Assert.Throws<FlowConfigException>(() => Read("executors: [{name: a, replicas: '${{ ENV.X }}'}]", value)).Message);

    private static FlowConfig Read(string text, string value) => FlowConfigReader.ReadText(
        text, "flow.yml", new FlowReadOptions { Environment = _ => value, Context = new Dictionary<string, string> { ["x"] = value } });
}
