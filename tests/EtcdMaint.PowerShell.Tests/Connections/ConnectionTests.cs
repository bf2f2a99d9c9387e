namespace EtcdMaint.PowerShell.Tests.Connections;

/// <summary>
/// The connections of a runspace and its default connection, with endpoints on which no server listens.
/// </summary>
public sealed class ConnectionTests : IDisposable
{
    private const string Default =
        "@(Get-EtcdConnection) | ForEach-Object { $_.ClusterName + [EtcdMaint.Cmdlets.RowText]::DefaultMark($_) }";

    private readonly Shell _shell = new();

    [Fact]
    public void A_connection_becomes_the_default_and_the_next_one_replaces_it()
    {
        Assert.Equal(
            ["a*"],
            Run($"$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a; {Default}")
        );
        Assert.Equal(
            ["a", "b*"],
            Run($"$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName b; {Default}")
        );
    }

    [Theory]
    [InlineData("[x")]
    [InlineData("[z-a]")]
    [InlineData("a[b]")]
    public void Get_EtcdConnection_finds_a_name_that_is_not_a_valid_pattern(string name)
    {
        Assert.Empty(_shell.Run($"Get-EtcdConnection '{name}'").ErrorText);
        string connect = $"$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName '{name}'";
        Assert.Equal(
            [name],
            _shell.Run($"{connect}; Get-EtcdConnection '{name}'").Output.Select(connection => connection.ToString()!)
        );
    }

    [Fact]
    public void NoDefault_does_not_change_the_default() =>
        Assert.Equal(
            ["a*", "b"],
            Run(
                "$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a; $null = "
                    + $"Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName b -NoDefault; {Default}"
            )
        );

    [Fact]
    public void Several_records_set_no_default_and_clear_the_previous_one() =>
        Assert.Equal(
            ["a", "b", "c"],
            Run(
                "$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a;"
                    + " $rows = 'b', 'c' | ForEach-Object { [pscustomobject]@{ Endpoint = "
                    + "'http://127.0.0.1:1'; ClusterName = $_; ServerName = ''; CACertificate = '' } };"
                    + $" $null = $rows | Connect-EtcdCluster -NoVerify -ThrottleLimit 1; {Default}"
            )
        );

    [Theory]
    [InlineData("Connect-EtcdCluster http://127.0.0.1:1 -TimeoutSeconds 2")]
    [InlineData("Connect-EtcdCluster")]
    public void After_a_failed_connect_the_previous_cluster_is_not_used(string failing)
    {
        Run("$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a");
        _shell.RunToError(failing);
        Assert.Equal(["a"], Run(Default));
        Assert.Equal("NoConnection", _shell.RunToError("Invoke-EtcdDefrag"));
    }

    [Fact]
    public void A_record_that_fails_does_not_prevent_the_others()
    {
        Outcome outcome = _shell.Run(
            "[pscustomobject]@{ Endpoint = '' }, [pscustomobject]@{ Endpoint = 'http://127.0.0.1:1' } | "
                + "Connect-EtcdCluster -NoVerify"
        );
        Assert.Equal(["NoEndpoint"], outcome.ErrorIds);
        Assert.IsType<EtcdConnection>(Assert.Single(outcome.Output));
    }

    [Fact]
    public void An_empty_pipeline_connects_to_nothing_and_clears_the_default_like_a_failed_connect() =>
        Assert.Equal(
            ["a"],
            Run(
                "$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a; @() | "
                    + $"Connect-EtcdCluster; {Default}"
            )
        );

    [Fact]
    public void An_empty_pipeline_with_NoDefault_keeps_the_default() =>
        Assert.Equal(
            ["a*"],
            Run(
                "$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a; @() | "
                    + $"Connect-EtcdCluster -NoDefault; {Default}"
            )
        );

    [Theory]
    [InlineData("[pscustomobject]@{ Endpoit = 'http://127.0.0.1:1' }", "NoEndpoint")]
    [InlineData(
        "[pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; CACertificate = @{ a = 1 } }",
        "ParameterArgumentTransformationError"
    )]
    [InlineData("'http://127.0.0.1:1'", "NoEndpoint")]
    public void After_rows_that_do_not_bind_the_previous_cluster_is_not_used(string row, string errorId)
    {
        Run("$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a");
        Outcome outcome = _shell.Run($"{row}, {row} | Connect-EtcdCluster -NoVerify");
        Assert.Equal([errorId, errorId], outcome.ErrorIds);
        Assert.Equal(["a"], Run(Default));
        Assert.Equal("NoConnection", _shell.RunToError("Invoke-EtcdDefrag"));
    }

    [Theory]
    [InlineData("Endpoit = 'http://127.0.0.1:1'")]
    [InlineData("Endpoint = 'http://127.0.0.1:1'; CACertificate = @{ a = 1 }")]
    [InlineData("Endpoint = 'http://127.0.0.1:1'")]
    public void One_of_several_rows_is_not_the_default_even_if_the_others_do_not_bind(string other)
    {
        Outcome outcome = _shell.Run(
            $"[pscustomobject]@{{ {other} }}, [pscustomobject]@{{ Endpoint = 'http://127.0.0.1:1' }} | "
                + "Connect-EtcdCluster -NoVerify -ClusterName b -ErrorAction Ignore"
        );
        Assert.DoesNotContain("b*", Run(Default));
        Assert.Contains("b", Run(Default));
    }

    [Fact]
    public void A_single_row_becomes_the_default() =>
        Assert.Equal(
            ["b*"],
            Run(
                "$null = [pscustomobject]@{ Endpoint = 'http://127.0.0.1:1'; ClusterName = 'b' } | "
                    + $"Connect-EtcdCluster -NoVerify; {Default}"
            )
        );

    [Fact]
    public void Disconnect_closes_the_default_and_later_calls_report_it()
    {
        Run("$c = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a; Disconnect-EtcdCluster");
        Assert.Empty(Run("Get-EtcdConnection"));
        Assert.Equal([false], Run("$c.IsOpen"));
        Assert.Equal(["ConnectionClosed"], _shell.Run("Get-EtcdMember -Connection $c").ErrorIds);
    }

    [Fact]
    public void Disconnect_without_a_connection_closes_nothing() =>
        Assert.Equal(
            ["a*"],
            Run(
                "$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a; @() | "
                    + $"Disconnect-EtcdCluster; Disconnect-EtcdCluster -Connection $null; {Default}"
            )
        );

    [Fact]
    public void Another_runspace_has_its_own_connections()
    {
        Run("$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a");
        using var other = new Shell();
        Assert.Empty(other.Run("Get-EtcdConnection").Output);
    }

    [Theory]
    [InlineData("-CACertificate /nowhere/ca.pem", "CertificateUnusable")]
    [InlineData("-ClientKey nowhere.pem", "CertificateUnusable")]
    [InlineData("-CACertificate @{ a = 1 }", "ParameterArgumentTransformationError")]
    [InlineData("-QuotaBytes -1", "QuotaNotPositive")]
    [InlineData("-ThrottleLimit 0", "ParameterArgumentValidationError")]
    public void Invalid_input_has_a_specific_error(string parameter, string errorId)
    {
        Assert.Equal(errorId, _shell.RunToError($"Connect-EtcdCluster https://127.0.0.1:1 -NoVerify {parameter}"));
        Assert.Empty(Run("Get-EtcdConnection"));
    }

    [Fact]
    public void A_relative_path_is_resolved_from_the_current_location()
    {
        string text =
            _shell
                .Run(
                    "try { Connect-EtcdCluster https://x:1 -NoVerify -CACertificate ca.pem } catch { "
                        + "$_.TargetObject + '|' + $PWD.ProviderPath }"
                )
                .Output.OfType<string>()
                .LastOrDefault()
            ?? "";
        string[] parts = text.Split('|');
        Assert.Equal(Path.Combine(parts[^1], "ca.pem"), parts[0]);
    }

    [Fact]
    public void Skipping_the_certificate_check_gives_a_warning() =>
        Assert.Contains(
            "-SkipCertificateCheck",
            Assert.Single(
                _shell.Run("Connect-EtcdCluster https://127.0.0.1:1 -NoVerify -SkipCertificateCheck").Warnings
            )
        );

    [Fact]
    public void A_password_without_TLS_gives_a_warning_for_each_record_that_has_one()
    {
        var password = new System.Security.SecureString();
        password.AppendChar('x');
        Outcome outcome = _shell.Run(
            "'http://192.0.2.1:2379', 'http://127.0.0.1:1', 'https://192.0.2.2:2379' | ForEach-Object { "
                + "[pscustomobject]@{ Endpoint = $_; Credential = $root } } | Connect-EtcdCluster -NoVerify",
            ("root", new System.Management.Automation.PSCredential("root", password))
        );
        Assert.Equal(3, outcome.Output.Count);
        Assert.StartsWith(
            "CredentialInClearText: the password of the etcd user 'root' is sent to http://192.0.2.1:2379 without TLS",
            Assert.Single(outcome.Warnings)
        );
    }

    [Fact]
    public void Verbose_reports_that_the_default_is_used()
    {
        Outcome outcome = _shell.Run(
            "$null = Connect-EtcdCluster http://127.0.0.1:1 -NoVerify -ClusterName a; Get-EtcdMember "
                + "-Verbose -TimeoutSeconds 2"
        );
        Assert.Contains("Using the default connection, to cluster 'a'.", outcome.Verbose);
        Assert.NotEmpty(outcome.ErrorIds);
    }

    public void Dispose() => _shell.Dispose();

    private IReadOnlyList<object> Run(string script)
    {
        Outcome outcome = _shell.Run(script);
        Assert.Empty(outcome.ErrorText);
        return outcome.Output;
    }
}
