public sealed class MyExecutorTests
{
    [Fact]
    public async Task Texts_are_in_capital_letters()
    {
        await using var executor = await TestExecutor.StartAsync<MyExecutor>(new { suffix = "?" });
        var docs = await executor.PostAsync("/", new Document { Text = "hello" });
        Assert.Equal("HELLO?", docs[0].Text);
    }
}
