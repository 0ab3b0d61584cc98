using FlowKit.Specs.Running;

namespace Aspire.Hosting;

/// <summary>The app hosts that pages show, which other pages' checks cannot compile for want of Aspire.</summary>
public sealed class PageTests
{
    [Theory]
    [InlineData("docs/aspire.md")]
    [InlineData("src/FlowKit.Aspire/README.md")]
    public void An_app_host_compiles_as_it_stands(string page)
    {
        var program = Assert.Single(MarkdownPage.Read(page).Blocks("cs"));

        Assert.Empty(Snippet.Compile(program));
    }
}
