// Does a Go program that calls as Zitadel's own Go client does work with nothing changed but the host? Prints what it
// heard, call by call.
//
// It takes one argument, JSON: the target, a certificate to trust (none: without TLS), the token, and what to use.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	object "rekey.test/zitadel/gen/zitadel/object/v2"
	user "rekey.test/zitadel/gen/zitadel/user/v2"
	zitadel "rekey.test/zitadel/gen/zitadel/v1"
)

type given struct {
	Target       string `json:"target"`
	Certificate  string `json:"certificate"`
	Token        string `json:"token"`
	Organization string `json:"organization"`
	Username     string `json:"username"`
	First        string `json:"first"`
	Second       string `json:"second"`
}

// personalAccessToken is sent with each call, by TLS or in clear, as the vendor's client sends it.
type personalAccessToken struct {
	token string
	isTLS bool
}

func (p personalAccessToken) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + p.token}, nil
}

func (p personalAccessToken) RequireTransportSecurity() bool { return p.isTLS }

func main() {
	var g given
	must(json.Unmarshal([]byte(os.Args[1]), &g))
	heard, err := callAll(g)
	must(err)
	must(json.NewEncoder(os.Stdout).Encode(heard))
}

func callAll(g given) (map[string]any, error) {
	users, err := dial(g, g.Token)
	if err != nil {
		return nil, err
	}
	strangers, err := dial(g, "no-token-of-anybody")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	inOrganization := metadata.AppendToOutgoingContext(ctx, "x-zitadel-orgid", g.Organization)
	elsewhere := metadata.AppendToOutgoingContext(ctx, "x-zitadel-orgid", "moon")

	person := &user.AddHumanUserRequest{
		Username: &g.Username,
		Profile:  &user.SetHumanProfile{GivenName: "Ann", FamilyName: "Example"},
		Email: &user.SetHumanEmail{
			Email:        g.Username + "@example.com",
			Verification: &user.SetHumanEmail_IsVerified{IsVerified: true},
		},
		PasswordType: &user.AddHumanUserRequest_Password{Password: &user.Password{Password: g.First}},
	}
	added, err := users.AddHumanUser(inOrganization, person)
	if err != nil {
		return nil, err
	}
	id := added.GetUserId()
	list := func(ctx context.Context, loginName string) (*user.ListUsersResponse, error) {
		query := &user.SearchQuery_LoginNameQuery{LoginNameQuery: &user.LoginNameQuery{LoginName: loginName}}
		return users.ListUsers(ctx, &user.ListUsersRequest{
			Query:   &object.ListQuery{Limit: 2},
			Queries: []*user.SearchQuery{{Query: query}},
		})
	}
	found, err := list(inOrganization, g.Username)
	if err != nil {
		return nil, err
	}
	read, err := users.GetUserByID(inOrganization, &user.GetUserByIDRequest{UserId: id})
	if err != nil {
		return nil, err
	}
	nobody, err := list(inOrganization, "nobody")
	if err != nil {
		return nil, err
	}
	returned := &user.PasswordResetRequest{
		UserId: id,
		Medium: &user.PasswordResetRequest_ReturnCode{ReturnCode: &user.ReturnPasswordResetCode{}},
	}
	reset, err := users.PasswordReset(inOrganization, returned)
	if err != nil {
		return nil, err
	}
	link := func(template string) error {
		_, err := users.PasswordReset(inOrganization, &user.PasswordResetRequest{
			UserId: id,
			Medium: &user.PasswordResetRequest_SendLink{SendLink: &user.SendPasswordResetLink{
				NotificationType: user.NotificationType_NOTIFICATION_TYPE_Email,
				UrlTemplate:      &template,
			}},
		})
		return err
	}
	set := func(request *user.SetPasswordRequest, password string) error {
		request.UserId, request.NewPassword = id, &user.Password{Password: password}
		_, err := users.SetPassword(inOrganization, request)
		return err
	}
	byCode := func(code, password string) error {
		proof := &user.SetPasswordRequest_VerificationCode{VerificationCode: code}
		return set(&user.SetPasswordRequest{Verification: proof}, password)
	}
	byCurrent := func(current, password string) error {
		proof := &user.SetPasswordRequest_CurrentPassword{CurrentPassword: current}
		return set(&user.SetPasswordRequest{Verification: proof}, password)
	}
	_, again := users.AddHumanUser(inOrganization, person)
	_, unknown := users.GetUserByID(inOrganization, &user.GetUserByIDRequest{UserId: "nobody"})
	_, unknownReset := users.PasswordReset(inOrganization, &user.PasswordResetRequest{UserId: "nobody"})
	_, withoutUser := users.PasswordReset(inOrganization, &user.PasswordResetRequest{})
	_, foreign := list(elsewhere, g.Username)
	_, stranger := strangers.ListUsers(ctx, &user.ListUsersRequest{})

	// A map keeps no order: the calls that depend on each other come first.
	wrong := heard(byCode("!!!!!!", g.Second))
	weak := heard(byCode(reset.GetVerificationCode(), "short"))
	right := heard(byCode(reset.GetVerificationCode(), g.Second))
	used := heard(byCode(reset.GetVerificationCode(), g.First))
	return map[string]any{
		"organization":  added.GetDetails().GetResourceOwner(),
		"found":         len(found.GetResult()) == 1 && found.GetResult()[0].GetUserId() == id,
		"total":         found.GetDetails().GetTotalResult(),
		"name":          read.GetUser().GetHuman().GetProfile().GetGivenName(),
		"nobody":        len(nobody.GetResult()),
		"codeLength":    len(reset.GetVerificationCode()),
		"wrongCode":     wrong,
		"weakPassword":  weak,
		"rightCode":     right,
		"sameCodeAgain": used,
		"oldPassword":   heard(byCurrent(g.First, g.First)),
		"newPassword":   heard(byCurrent(g.Second, g.First)),
		"byPermission":  heard(set(&user.SetPasswordRequest{}, g.Second)),
		"foreignLink":   heard(link("https://elsewhere.example.com/{{.Code}}")),
		"linkSent":      heard(link("http://localhost/reset?user={{.UserID}}&code={{.Code}}&org={{.OrgID}}")),
		"again":         heard(again),
		"unknown":       heard(unknown),
		"unknownReset":  heard(unknownReset),
		"withoutUser":   heard(withoutUser),
		"foreign":       heard(foreign),
		"unknownToken":  heard(stranger),
	}, nil
}

func dial(g given, token string) (user.UserServiceClient, error) {
	transport := insecure.NewCredentials()
	if g.Certificate != "" {
		trusted := x509.NewCertPool()
		trusted.AppendCertsFromPEM([]byte(g.Certificate))
		transport = credentials.NewTLS(&tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12})
	}
	connection, err := grpc.NewClient(
		g.Target,
		grpc.WithTransportCredentials(transport),
		grpc.WithPerRPCCredentials(personalAccessToken{token: token, isTLS: g.Certificate != ""}),
	)
	if err != nil {
		return nil, err
	}
	return user.NewUserServiceClient(connection), nil
}

// heard tells "ok", or code and message, and the id in the vendor's detail.
func heard(err error) string {
	if err == nil {
		return "ok"
	}
	answer := status.Convert(err)
	for _, detail := range answer.Details() {
		switch told := detail.(type) {
		case *zitadel.ErrorDetail:
			return fmt.Sprintf("%s: %s [%s: %s]", answer.Code(), answer.Message(), told.GetId(), told.GetMessage())
		case *zitadel.CredentialsCheckError:
			return fmt.Sprintf("%s: %s [credentials %s, %d]", answer.Code(), answer.Message(), told.GetId(), told.GetFailedAttempts())
		default:
			return fmt.Sprintf("%s: a detail of type %T", answer.Code(), told)
		}
	}
	return fmt.Sprintf("%s: %s", answer.Code(), answer.Message())
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
