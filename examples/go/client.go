// A client in Go, by its standard library: it registers two users, sends a message, repeats the call safely, and reads the log.
//
//	go run client.go http://127.0.0.1:8000
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

var base = strings.TrimRight(os.Args[1], "/") + "/api/v1"
var client = http.Client{Timeout: 15 * time.Second}

// Problem is what the service answers when it refuses. Compare the code, not the title.
type Problem struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

// Session is a registered user with a token.
type Session struct {
	AccessToken string `json:"access_token"`
	User        struct {
		ID string `json:"id"`
	} `json:"user"`
}

// Message is what is used of a message.
type Message struct {
	ID     string `json:"id"`
	ChatID string `json:"chat_id"`
}

// Page is a page of a log.
type Page struct {
	Items []struct {
		Seq  int    `json:"seq"`
		Type string `json:"type"`
	} `json:"items"`
}

// call sends a request and reads its answer into `into`.
func call(method, path, token string, body, into any) {
	var given bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&given).Encode(body); err != nil {
			log.Fatal(err)
		}
	}
	request, err := http.NewRequest(method, base+path, &given)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := client.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 400 {
		var problem Problem
		json.NewDecoder(answer.Body).Decode(&problem)
		log.Fatalf("%s %s: %d %s", method, path, answer.StatusCode, problem.Code)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		log.Fatal(err)
	}
}

func random() string {
	bytes := make([]byte, 16)
	if _, err := rand.Read(bytes); err != nil {
		log.Fatal(err)
	}
	return fmt.Sprintf("%x", bytes)
}

func register(name string) (session Session) {
	body := map[string]string{"name": name, "email": random() + "@example.com", "password": "four words in line"}
	call("POST", "/auth/register", "", body, &session)
	return session
}

func main() {
	anna, boris := register("Anna"), register("Boris")
	message := map[string]string{"client_message_id": random(), "text": "Hello, Boris"}
	path := "/users/" + boris.User.ID + "/messages"
	var sent, again Message
	call("POST", path, anna.AccessToken, message, &sent)
	// The same key again, after a timeout for example: the same message.
	call("POST", path, anna.AccessToken, message, &again)
	fmt.Println(sent.ID == again.ID)

	for after := 0; ; {
		var page Page
		call("GET", fmt.Sprintf("/chats/%s/events?after=%d", sent.ChatID, after), boris.AccessToken, nil, &page)
		if len(page.Items) == 0 {
			return
		}
		for _, event := range page.Items {
			after = event.Seq
			fmt.Println(event.Seq, event.Type)
		}
	}
}
