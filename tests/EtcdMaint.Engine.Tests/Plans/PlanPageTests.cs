using System.Text;
using System.Xml.Linq;
using EtcdMaint.Engine.Tests.Reports;
using EtcdMaint.Reports;

namespace EtcdMaint.Engine.Tests.Plans;

/// <summary>The page for the people who approve a plan.</summary>
public sealed class PlanPageTests
{
    private static readonly string Markup = Encoding.UTF8.GetString(PlanPage.Render(SamplePlans.All));

    [Fact]
    public void It_shows_who_made_what_and_when_and_what_makes_it_outdated()
    {
        string text = Text(Page());
        EtcdMaintenancePlan plan = SamplePlans.All;
        Assert.Contains($"Made by {plan.CreatedBy}, 2026-11-23 08:30:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains("not after 2026-11-25 08:30:00 UTC", text, StringComparison.Ordinal);
        Assert.Contains(plan.PlanId, text, StringComparison.Ordinal);
        Assert.Contains(plan.Checksum, text, StringComparison.Ordinal);
        Assert.Contains("What makes the plan outdated", text, StringComparison.Ordinal);
        Assert.Contains("800 MB to 900 MB", text, StringComparison.Ordinal);
        Assert.Contains(
            "history up to revision 812,903 was to be removed at this time",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("MemberDown, VersionHazard", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_members_are_in_the_order_of_their_turns()
    {
        XElement table = Page()
            .Descendants("table")
            .First(t => Text(t).StartsWith("Order Member", StringComparison.Ordinal));
        Assert.Equal(
            ["1 m1 Planned", $"2 {SampleReports.EvilName} Planned", "– m3 Skipped"],
            table
                .Element("tbody")!
                .Elements("tr")
                .Select(row => string.Join(' ', row.Elements().Take(3).Select(cell => Text(cell))))
        );
    }

    [Fact]
    public void It_loads_nothing_and_no_name_becomes_markup()
    {
        Assert.DoesNotContain("<script", Markup, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http-equiv=\"refresh\"", Markup, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=", Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", Markup, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", Markup, StringComparison.Ordinal);
    }

    private static XElement Page()
    {
        string body = Markup[
            Markup.IndexOf("<main>", StringComparison.Ordinal)..Markup.IndexOf("<footer>", StringComparison.Ordinal)
        ];
        return XElement.Parse(
            body.Replace("<br>", "<br/>", StringComparison.Ordinal).Replace(" open>", ">", StringComparison.Ordinal)
        );
    }

    private static string Text(XElement element) =>
        string.Join(
            ' ',
            element
                .DescendantNodes()
                .OfType<XText>()
                .SelectMany(text => text.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        );
}
