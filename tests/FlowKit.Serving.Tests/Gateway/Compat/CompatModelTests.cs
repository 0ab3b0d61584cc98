using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway.Compat;

/// <summary>The name of a model in a body, where executors say by stamps which model they have.</summary>
public sealed class CompatModelTests
{
    private const string Other = "{\"model\": \"other\", \"input\": \"x\"}";

    [Theory]
    [InlineData("tiny@7", "tiny")]
    [InlineData("tiny@7", "Tiny")]
    [InlineData("tiny@7", "tiny@7")]
    [InlineData("ViT-B-32::openai@1", "ViT-B/32 openai")]
    public async Task A_stamp_says_which_names_are_taken_and_which_model_answered(string stamp, string asked)
    {
        await using var gateway = await StartAsync(stamp);

        var (status, reply) = await AskAsync(gateway, $$"""{"model": "{{asked}}", "input": "x"}""");

        Assert.Equal((HttpStatusCode.OK, stamp.Split('@')[0]), (status, (string)reply["model"]!));
    }

    [Fact]
    public async Task Another_models_name_is_404_with_the_names_that_there_are()
    {
        await using var gateway = await StartAsync("tiny@7");

        var (status, reply) = await AskAsync(gateway, Other);

        Assert.Equal((HttpStatusCode.NotFound, "model_not_found"), (status, (string)reply["error"]!["code"]!));
        Assert.Equal(
            "model: the model 'other' is asked for, and this flow has 'tiny'. 'compat_model: any' under 'gateway' takes any name.",
            (string)reply["error"]!["message"]!);
    }

    [Fact]
    public async Task Any_name_is_taken_where_the_gateway_says_so_and_the_model_that_answered_is_named()
    {
        await using var gateway = await StartAsync("tiny@7", ", compat_model: any");

        var (status, reply) = await AskAsync(gateway, Other);

        Assert.Equal((HttpStatusCode.OK, "tiny"), (status, (string)reply["model"]!));
    }

    [Fact]
    public async Task A_flow_that_does_not_say_which_model_it_has_answers_by_its_own_name()
    {
        await using var gateway = await StartAsync(null);

        var (_, reply) = await AskAsync(gateway, Other);
        var models = JsonNode.Parse(await gateway.Http.GetStringAsync("/v1/models"))!;

        Assert.Equal("flowkit", (string)reply["model"]!);
        Assert.Equal("flowkit", (string)models["data"]![0]!["id"]!);
    }

    [Theory]
    [InlineData("2", null)]
    [InlineData("1", "dimensions: embeddings of 1 numbers are asked for, and no executor of this flow shortens its own of 2; leave it out.")]
    [InlineData("0", "dimensions: expected a whole number of at least 1")]
    [InlineData("1.5", "dimensions: expected a whole number of at least 1")]
    [InlineData("\"2\"", "dimensions: expected a whole number of at least 1")]
    public async Task Dimensions_are_given_or_refused(string dimensions, string? message)
    {
        await using var gateway = await StartAsync(null);

        var (status, reply) = await AskAsync(gateway, $$"""{"input": "x", "dimensions": {{dimensions}}}""");

        Assert.Equal((message is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, message), (status, (string?)reply["error"]?["message"]));
    }

    private static Task<TestGateway> StartAsync(string? stamp, string gateway = "") =>
        TestGateway.StartAsync($"compat: openai{gateway}", script: new FlowScript().On("a", call =>
        {
            foreach (var document in call.Documents)
            {
                document.Embedding = NdArray.Wrap(new float[] { 1, 2 }, 2);
                if (stamp is not null)
                {
                    document.Metadata[EmbeddingModel.Key] = stamp;
                }
            }

            return default;
        }));

    private static async Task<(HttpStatusCode Status, JsonNode Reply)> AskAsync(TestGateway gateway, string body)
    {
        using var response = await gateway.Http.PostAsync("/v1/embeddings", new StringContent(body, Encoding.UTF8, "application/json"));
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
