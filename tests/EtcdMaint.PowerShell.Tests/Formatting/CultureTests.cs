using System.Globalization;
using EtcdMaint.PowerShell.Tests.Fixtures;

namespace EtcdMaint.PowerShell.Tests.Formatting;

/// <summary>A session whose culture formats numbers and signs in a way that no script expects.</summary>
public sealed class CultureTests
{
    private static readonly CultureInfo Foreign = MakeForeign();

    [Fact]
    public void Engine_texts_do_not_depend_on_the_culture_of_the_session_but_rules_use_it()
    {
        var cluster = new FakeCluster();
        cluster.OnDefrag = async (request, observer, cancellationToken) =>
        {
            await Task.Yield();
            observer.Warn($"{0.5:P0} of {-1234567.25:N2}");
            await Task.Run(() => observer.LogVerbose($"{-3} and {0.25}"), cancellationToken);
            bool holds = await request.When!(Samples.Status(cluster.Members[0]));
            observer.LogVerbose($"{holds} {1234.5:N1}");
        };
        using var shell = new Shell();
        Outcome run = shell.Run(
            "[cultureinfo]::CurrentCulture = $culture; $m | Invoke-EtcdDefrag -Verbose -When { '{0:P0}' -f "
                + "0.5 -eq '50x' }; '{0:P0}' -f 0.5",
            ("culture", Foreign),
            ("m", cluster.Members[0])
        );
        Assert.Empty(run.ErrorText);
        Assert.Equal(["50 % of -1,234,567.25"], run.Warnings);
        Assert.Equal(["-3 and 0.25", "True 1,234.5"], run.Verbose);
        Assert.Equal(["50x"], run.Output);
    }

    [Fact]
    public void Errors_of_parameters_do_not_depend_on_the_culture()
    {
        using var shell = new Shell();
        Outcome run = shell.Run(
            "[cultureinfo]::CurrentCulture = $culture; $m | Invoke-EtcdCompaction -Revision -5",
            ("culture", Foreign),
            ("m", new FakeCluster().Members[0])
        );
        Assert.Contains("is -5,", run.ErrorText, StringComparison.Ordinal);
    }

    private static CultureInfo MakeForeign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        NumberFormatInfo numbers = culture.NumberFormat;
        (numbers.PercentSymbol, numbers.PercentPositivePattern) = ("x", 1);
        (numbers.NegativeSign, numbers.NumberGroupSeparator, numbers.NumberDecimalSeparator) = (
            "\u200E\u2212",
            ";",
            "!"
        );
        return culture;
    }
}
