public sealed class MyFlowTests
{
    [Fact]
    public async Task Every_word_comes_back_in_capital_letters()
    {
        await using var flow = await TestFlow.StartFileAsync(Path.Combine(AppContext.BaseDirectory, "flow", "flow.yml"));
        var reply = await flow.PostAsync("/", new Document { Text = "red apple" });
        Assert.Equal(["RED!", "APPLE!"], reply.Documents.Select(doc => doc.Text));
    }
}
